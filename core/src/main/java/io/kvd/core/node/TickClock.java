package io.kvd.core.node;

/** Turns the clock that is handed in into whole ticks. After a gap at most one election timeout's worth is given. */
final class TickClock {
    private final long tickNanos;
    private final int maxTicks;
    private long lastTickNanos;

    TickClock(long tickNanos, int maxTicks, long nowNanos) {
        this.tickNanos = tickNanos;
        this.maxTicks = maxTicks;
        this.lastTickNanos = nowNanos;
    }

    /** Ticks since the last call. What a gap holds above the bound is forgotten: a pause ages nobody. */
    int advanceTo(long nowNanos) {
        long elapsed = (nowNanos - lastTickNanos) / tickNanos;
        if (elapsed <= 0) {
            return 0;
        }
        lastTickNanos += elapsed * tickNanos;
        return (int) Math.min(elapsed, maxTicks);
    }

    long nextTickNanos() {
        return lastTickNanos + tickNanos;
    }
}
