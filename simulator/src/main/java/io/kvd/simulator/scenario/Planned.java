package io.kvd.simulator.scenario;

import io.kvd.simulator.engine.Event;

/** Something that a scenario's world does at a moment. */
final class Planned extends Event {
    private final String kind;
    private final String who;
    private final Runnable body;

    /**
     * @param kind one constant word
     * @param who whom it happens to
     */
    Planned(String kind, String who, Runnable body) {
        this.kind = kind;
        this.who = who;
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
        return who.hashCode();
    }

    @Override
    protected String describe() {
        return who;
    }
}
