package io.kvd.simulator.linearizability;

import java.util.Arrays;

/** Which operations are placed. Short to write down: all before the first that isn't, and what there is behind it. */
final class PlacedSet {
    private final long[] required;
    private final int[] optional;
    private int requiredCount;
    private int optionalCount;

    PlacedSet(int required, int optionalClasses) {
        this.required = new long[(required + 63) / 64];
        this.optional = new int[optionalClasses];
    }

    void add(Piece piece) {
        if (piece.isRequired()) {
            required[piece.index >> 6] |= 1L << piece.index;
            requiredCount++;
        } else {
            optional[piece.optionalClass]++;
            optionalCount++;
        }
    }

    void remove(Piece piece) {
        if (piece.isRequired()) {
            required[piece.index >> 6] &= ~(1L << piece.index);
            requiredCount--;
        } else {
            optional[piece.optionalClass]--;
            optionalCount--;
        }
    }

    int requiredCount() {
        return requiredCount;
    }

    /** How many of the class are placed; they are so in order. */
    int placedOf(int optionalClass) {
        return optional[optionalClass];
    }

    /** The whole set, as numbers that are equal exactly for equal sets. {@code firstMissing} is the first not placed. */
    long[] copy(int firstMissing) {
        int from = firstMissing >> 6;
        int missing = requiredCount - (from << 6);
        int to = from;
        while (missing > 0) {
            missing -= Long.bitCount(required[to++]);
        }
        long[] copy = new long[2 + to - from + (optionalCount == 0 ? 0 : optionalClasses())];
        copy[0] = firstMissing;
        copy[1] = (long) to - from;
        System.arraycopy(required, from, copy, 2, to - from);
        int at = 2 + to - from;
        for (int i = 0; optionalCount > 0 && i < optional.length; i++) {
            if (optional[i] > 0) {
                copy[at++] = ((long) i << 32) | optional[i];
            }
        }
        return copy;
    }

    private int optionalClasses() {
        return (int) Arrays.stream(optional).filter(count -> count > 0).count();
    }
}
