package io.kvd.cli;

/**
 * What a cluster that is fit for a load keeps to.
 *
 * @param rateShare of the load's rate that is reached at least
 * @param roundTripMicros from here to each node and back
 */
record PerfLimits(
        double rateShare,
        long putP99Micros,
        long getP99Micros,
        long slowestMicros,
        long fsyncP99Micros,
        long roundTripMicros) {

    /**
     * Every write waits for a fsync of a quorum and every read for a round trip, so the limits of disk and network
     * leave room for a few of them below the limits of requests; a request as slow as the slowest allowed is half of
     * what {@code raft.election-timeout} is by default.
     */
    static final PerfLimits STANDARD = new PerfLimits(0.9, 50_000, 20_000, 500_000, 10_000, 10_000);
}
