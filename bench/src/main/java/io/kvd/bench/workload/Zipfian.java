package io.kvd.bench.workload;

import java.util.SplittableRandom;

/**
 * Draws ranks 0, 1, 2, …, of which each is the rarer the larger it is: rank r with a probability proportional to
 * 1 / (r + 1)^0.99, as YCSB does. The method is that of Gray et al., "Quickly generating billion-record synthetic
 * databases" (SIGMOD 1994). Immutable.
 */
final class Zipfian {
    /** YCSB's. */
    private static final double EXPONENT = 0.99;

    private final long items;
    private final double zeta;
    private final double zetaOfTwo = zeta(2);
    private final double eta;

    /** Takes time proportional to the number of items. */
    Zipfian(long items) {
        this.items = items;
        this.zeta = zeta(items);
        this.eta = (1 - Math.pow(2.0 / items, 1 - EXPONENT)) / (1 - zetaOfTwo / zeta);
    }

    long next(SplittableRandom random) {
        double u = random.nextDouble();
        double scaled = u * zeta;
        if (scaled < 1) {
            return 0;
        }
        if (scaled < zetaOfTwo) {
            return 1;
        }
        long rank = (long) ((double) items * Math.pow(eta * u - eta + 1, 1 / (1 - EXPONENT)));
        return Math.min(rank, items - 1);
    }

    private static double zeta(long items) {
        double sum = 0;
        for (long i = 1; i <= items; i++) {
            sum += 1 / Math.pow((double) i, EXPONENT);
        }
        return sum;
    }
}
