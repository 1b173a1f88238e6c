package io.kvd.cli;

/**
 * How long requests took, counted in classes that are at most 1/32 wide: a percentile is at most 3 % too large,
 * whatever the number of requests, and the largest is exact.
 */
final class Latencies {
    /** Each power of two is cut into so many classes. */
    private static final int CLASSES_A_DOUBLING = 32;

    private static final int CLASS_BITS = Integer.numberOfTrailingZeros(CLASSES_A_DOUBLING);

    private final long[] counts = new long[CLASSES_A_DOUBLING * (Long.SIZE - CLASS_BITS)];
    private long count;
    private long maxMicros;

    void add(long micros) {
        long value = Math.max(0, micros);
        counts[classOf(value)]++;
        count++;
        maxMicros = Math.max(maxMicros, value);
    }

    long count() {
        return count;
    }

    long maxMicros() {
        return maxMicros;
    }

    /**
     * No more than that share took longer.
     *
     * @param share 0.01 for the 99th percentile
     * @return 0 if there were no requests
     */
    long exceededByMicros(double share) {
        long mayTakeLonger = (long) (count * share);
        long longer = 0;
        for (int i = counts.length - 1; i >= 0; i--) {
            longer += counts[i];
            if (longer > mayTakeLonger) {
                return Math.min(maxMicros, lastOf(i));
            }
        }
        return 0;
    }

    /** Below twice the number of classes each number has its own; above, each doubling has as many. */
    private static int classOf(long micros) {
        int doublings = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(micros) - CLASS_BITS - 1);
        return doublings * CLASSES_A_DOUBLING + (int) (micros >>> doublings);
    }

    /** The largest number of the class. */
    private static long lastOf(int index) {
        int doublings = Math.max(0, index / CLASSES_A_DOUBLING - 1);
        long within = index - (long) doublings * CLASSES_A_DOUBLING;
        return ((within + 1) << doublings) - 1;
    }
}
