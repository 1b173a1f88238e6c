package io.kvd.simulator.engine;

import io.kvd.core.base.Check;

import java.util.random.RandomGenerator;

/**
 * How long something takes: mostly between two bounds, and one time in {@code oneInTail} up to {@code tailNanos}.
 *
 * @param oneInTail 0 = never
 */
public record Delay(long minNanos, long maxNanos, long tailNanos, int oneInTail) {
    public static final Delay NONE = new Delay(0, 0, 0, 0);

    public Delay {
        Check.that(
                minNanos >= 0 && maxNanos >= minNanos && tailNanos >= 0 && oneInTail >= 0,
                "delay of %d to %d ns, tail %d",
                minNanos,
                maxNanos,
                tailNanos);
    }

    public static Delay between(long minNanos, long maxNanos) {
        return new Delay(minNanos, maxNanos, 0, 0);
    }

    public long draw(RandomGenerator random) {
        long usual = maxNanos == minNanos ? minNanos : random.nextLong(minNanos, maxNanos + 1);
        boolean isTail = oneInTail > 0 && random.nextInt(oneInTail) == 0;
        return isTail ? usual + random.nextLong(tailNanos + 1) : usual;
    }
}
