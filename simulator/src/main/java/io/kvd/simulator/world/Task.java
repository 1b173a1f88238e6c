package io.kvd.simulator.world;

import io.kvd.simulator.engine.Event;

/** Work of a process that is done at a later moment, if the process still is. */
final class Task extends Event {
    private final NodeProcess process;
    private final String kind;
    private final Runnable body;

    Task(NodeProcess process, String kind, Runnable body) {
        this.process = process;
        this.kind = kind;
        this.body = body;
    }

    @Override
    protected boolean isStale() {
        return process.isOver();
    }

    @Override
    protected void happen() {
        if (process.host().isPaused()) {
            process.host().whenResumed(() -> process.timeline().after(0, this));
        } else {
            process.guard(body);
        }
    }

    @Override
    protected String kind() {
        return kind;
    }

    @Override
    protected long fingerprint() {
        return process.host().id();
    }

    @Override
    protected String describe() {
        return process.toString();
    }
}
