package io.kvd.simulator.scenario;

/** What the datagrams of a run travel over, and how far apart its replicas start. */
public enum Links {
    /**
     * The loopback interface of one machine, as the public judge uses it: in order, short, with replicas that are up
     * to 4 s apart in saying hello. The judge looks at the clock when a datagram comes or after 100 ms.
     */
    LOOPBACK(30_000, 150_000, 4_000, 100),

    /** A network of its own a hop: datagrams overtake each other; everybody starts at once. */
    LAN(100_000, 500_000, 50, 1);

    private final long minLatencyNanos;
    private final long maxLatencyNanos;
    private final long startSpreadMs;
    private final long pollMs;

    Links(long minLatencyNanos, long maxLatencyNanos, long startSpreadMs, long pollMs) {
        this.minLatencyNanos = minLatencyNanos;
        this.maxLatencyNanos = maxLatencyNanos;
        this.startSpreadMs = startSpreadMs;
        this.pollMs = pollMs;
    }

    /** From a replica to the judge, or back; a message between replicas takes two. */
    long minLatencyNanos() {
        return minLatencyNanos;
    }

    long maxLatencyNanos() {
        return maxLatencyNanos;
    }

    /** Whether what was sent first arrives first. */
    boolean isOrdered() {
        return this == LOOPBACK;
    }

    /** All replicas are launched at the same moment, and say hello within this time. */
    long startSpreadMs() {
        return startSpreadMs;
    }

    /** How long the judge waits for a datagram before it looks at the clock. */
    long pollMs() {
        return pollMs;
    }

    /** Whether a run must be full in its median latency, too: a read over the other links takes too many hops. */
    boolean isLatencyJudged() {
        return this == LOOPBACK;
    }
}
