package io.kvd.bench.torture;

/** The longest time in which no client had a write acknowledged, between two that had. Any thread. */
final class Gap {
    private long lastNanos;
    private long longestNanos;

    /** From now on. */
    synchronized void begin(long nowNanos) {
        lastNanos = nowNanos;
        longestNanos = 0;
    }

    synchronized void acknowledged(long nowNanos) {
        longestNanos = Math.max(longestNanos, nowNanos - lastNanos);
        lastNanos = Math.max(lastNanos, nowNanos);
    }

    synchronized long longestMillis() {
        return longestNanos / 1_000_000;
    }
}
