package io.kvd.simulator.linearizability;

import io.kvd.core.base.Check;

/**
 * How much the judge may do for each partition before it says that it can't decide. Whether a history is linearizable
 * is NP-complete (Gibbons and Korach 1997): some need time and memory without measure.
 *
 * @param steps operations tried
 * @param bytes memory for what was tried, about
 */
public record Budget(long steps, long bytes) {
    /** Some ten seconds, and what a small machine can spare. */
    public static final Budget DEFAULT = new Budget(20_000_000, 256L << 20);

    public Budget {
        Check.that(steps > 0 && bytes > 0, "a budget of %d steps and %d bytes", steps, bytes);
    }
}
