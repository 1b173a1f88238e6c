package io.kvd.simulator.engine;

import io.kvd.core.base.Check;

import java.util.PriorityQueue;

/**
 * Virtual time: events happen one after the other, in the order of (time, number), and plan further ones. Nothing else
 * moves the clock. One thread.
 */
public final class Timeline {
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
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

    /** Plans an event for a moment, now at the earliest. */
    public void at(long atNanos, Event event) {
        event.plan(Math.max(atNanos, nowNanos), ++lastNumber);
        queue.add(event);
    }

    public void after(long delayNanos, Event event) {
        at(nowNanos + delayNanos, event);
    }

    /** Lets one event happen; false if none is planned up to that moment, which then is now. */
    public boolean stepUntil(long endNanos) {
        Event next = queue.peek();
        while (next != null && next.isStale()) {
            queue.poll();
            next = queue.peek();
        }
        if (next == null || next.atNanos() > endNanos) {
            nowNanos = Math.max(nowNanos, endNanos);
            return false;
        }
        queue.poll();
        Check.that(next.atNanos() >= nowNanos, "%s is in the past", next.kind());
        nowNanos = next.atNanos();
        trace.begins(next);
        next.happen();
        return true;
    }
}
