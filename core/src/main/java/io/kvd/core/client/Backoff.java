package io.kvd.core.client;

import java.util.random.RandomGenerator;

/** Exponential, jittered waiting: the n-th wait is drawn from the upper half of min·2^n, at most max. */
final class Backoff {
    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;

    Backoff(long minNanos, long maxNanos, RandomGenerator random) {
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
        this.random = random;
    }

    /** @param failuresBefore 0 for the first wait */
    long delayNanos(int failuresBefore) {
        long full = Math.min(maxNanos, minNanos << Math.min(failuresBefore, 20));
        return full / 2 + random.nextLong(full / 2 + 1);
    }

    /** What a server asked for and up to a quarter more, so that those it sent away don't return together. */
    long atLeastNanos(long askedNanos) {
        return askedNanos + random.nextLong(askedNanos / 4 + 1);
    }
}
