package io.kvd.core.raft;

/**
 * How long members take to answer, so that a thrifty leader asks nobody again that is only as slow as everybody: a
 * smoothed mean and deviation of the answers to messages that were sent once (RFC 6298 §2, §3). While all are sent
 * twice, since answers take longer than was ever seen, an answer too many tells (RFC 3522 §3.2). Owned by {@link
 * Recipients}.
 */
final class AnswerTime {
    /** An answer is late at the latest after so many times the least. */
    private static final int MAX_FACTOR = 5;

    private static final double MEAN_GAIN = 1.0 / 8;
    private static final double DEVIATION_GAIN = 1.0 / 4;
    private static final int DEVIATIONS = 4;

    private final int minTicks;
    private double meanTicks;
    private double deviationTicks;
    private double backOffTicks;

    /** @param minTicks no answer is late before */
    AnswerTime(int minTicks) {
        this.minTicks = minTicks;
    }

    void took(long ticks) {
        double error = Math.abs(ticks - meanTicks);
        deviationTicks += (error - deviationTicks) * DEVIATION_GAIN;
        meanTicks += (ticks - meanTicks) * MEAN_GAIN;
        backOffTicks -= backOffTicks * MEAN_GAIN;
    }

    /** An answer came that nobody waited for: something was sent again too early. */
    void unexpected() {
        backOffTicks = Math.min(2 * Math.max(backOffTicks, minTicks), MAX_FACTOR * minTicks);
    }

    /** From how many ticks on an answer is late. */
    long lateTicks() {
        double usual = meanTicks + DEVIATIONS * deviationTicks;
        long unusual = Math.round(Math.max(usual, backOffTicks));
        return Math.max(minTicks, Math.min(unusual, (long) MAX_FACTOR * minTicks));
    }
}
