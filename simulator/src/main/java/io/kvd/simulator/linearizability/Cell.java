package io.kvd.simulator.linearizability;

/**
 * What one key holds at some moment of a linearization.
 *
 * @param value of {@link Values}; absence is one
 * @param position orders changes whose revision is open, as their changes were placed; {@link #KNOWN} if it is not
 * @param lowRevision the mod revision if it is known, 0 for an absent key; else the lowest it may turn out to be
 * @param highRevision the same if the revision is known; else the highest it may turn out to be
 */
record Cell(int value, int position, long lowRevision, long highRevision) {
    static final int KNOWN = -1;

    static Cell known(int value, long revision) {
        return new Cell(value, KNOWN, revision, revision);
    }

    boolean isOpen() {
        return position != KNOWN;
    }

    boolean admits(long revision) {
        return lowRevision <= revision && revision <= highRevision;
    }

    @Override
    public int hashCode() {
        long hash = value * 0x9E3779B97F4A7C15L + position;
        hash = (hash ^ (hash >>> 29)) * 0xBF58476D1CE4E5B9L + lowRevision;
        hash = (hash ^ (hash >>> 32)) * 0x94D049BB133111EBL + highRevision;
        return (int) (hash ^ (hash >>> 31));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cell that
                && value == that.value
                && position == that.position
                && lowRevision == that.lowRevision
                && highRevision == that.highRevision;
    }
}
