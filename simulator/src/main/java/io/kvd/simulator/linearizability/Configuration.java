package io.kvd.simulator.linearizability;

import java.util.Arrays;

/** Which operations are placed, in whatever order, and the state that they led to: what can come next depends on no more. */
final class Configuration {
    private final long[] placed;
    private final StoreState state;
    private final int hash;

    Configuration(long[] placed, StoreState state) {
        this.placed = placed;
        this.state = state;
        this.hash = 31 * Arrays.hashCode(placed) + state.hashCode();
    }

    /** About what it costs in memory to remember this. */
    long bytes() {
        return 96 + 8L * placed.length + state.bytes();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Configuration that
                && hash == that.hash
                && Arrays.equals(placed, that.placed)
                && state.equals(that.state);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
