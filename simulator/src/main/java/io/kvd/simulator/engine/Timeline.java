package io.kvd.simulator.engine;

import io.kvd.core.base.Check;

/**
 * Virtual time: events happen one after the other, in the order of (time, number), and plan further ones. Nothing else
 * moves the clock. One thread.
 */
public final class Timeline {
    private final EventQueue queue = new EventQueue();
    private final EventTrace trace;
    private long nowNanos;
    private long lastNumber;

    public Timeline(EventTrace trace) {
        this.trace = trace;
    }

    /** Nanoseconds since the world began. */
    public long nowNanos() {
        return nowNanos;
    }

    public EventTrace trace() {
        return trace;
    }

    /** Plans an event for a moment, now at the earliest; no longer for another one. */
    public void at(long atNanos, Event event) {
        event.plan(Math.max(atNanos, nowNanos), ++lastNumber);
        queue.put(event);
    }

    public void after(long delayNanos, Event event) {
        at(nowNanos + delayNanos, event);
    }

    /** Lets one event happen; false if none is planned up to that moment, which then is now. */
    public boolean stepUntil(long endNanos) {
        while (!queue.isEmpty() && queue.first().isStale()) {
            queue.removeFirst();
        }
        if (queue.isEmpty() || queue.first().atNanos() > endNanos) {
            nowNanos = Math.max(nowNanos, endNanos);
            return false;
        }
        Event next = queue.first();
        queue.removeFirst();
        Check.that(next.atNanos() >= nowNanos, "%s is in the past", next.kind());
        nowNanos = next.atNanos();
        trace.begins(next);
        next.happen();
        return true;
    }
}
