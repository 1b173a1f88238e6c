package io.kvd.simulator.engine;

/** Something that is done at a planned moment, whatever happened until then. */
public final class Later extends Event {
    private final String kind;
    private final String what;
    private final Runnable body;

    /**
     * @param kind one constant word
     * @param what for people: what it is about, or whom
     */
    public Later(String kind, String what, Runnable body) {
        this.kind = kind;
        this.what = what;
        this.body = body;
    }

    @Override
    protected void happen() {
        body.run();
    }

    @Override
    protected String kind() {
        return kind;
    }

    @Override
    protected long fingerprint() {
        return what.hashCode();
    }

    @Override
    protected String describe() {
        return what;
    }
}
