package io.kvd.server.net;

import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: each up to twice the one before, half of it by chance, so that peers that lost a node
 * together do not come back together. Owned by one thread.
 */
final class Backoff {
    private final int minMs;
    private final int maxMs;
    private final RandomGenerator random;
    private int currentMs;

    Backoff(int minMs, int maxMs, RandomGenerator random) {
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.random = random;
        this.currentMs = minMs;
    }

    /** The next pause, between half of the current bound and all of it. */
    int nextMs() {
        int bound = currentMs;
        currentMs = Math.min(maxMs, 2 * currentMs);
        return bound / 2 + random.nextInt(bound - bound / 2 + 1);
    }

    /** The last attempt was good for something: begin with short pauses again. */
    void reset() {
        currentMs = minMs;
    }
}
