package io.kvd.simulator.run;

import io.kvd.simulator.engine.Event;

/** Something that a run does to the world at a planned moment. */
final class Later extends Event {
    private final String kind;
    private final String what;
    private final Runnable body;

    /**
     * @param kind one constant word
     * @param what for people
     */
    Later(String kind, String what, Runnable body) {
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
