package io.kvd.core.raft;

/**
 * A member on its way from a snapshot to the end of the log. It began when the snapshot was ordered
 * and ends when the member is level, or silent for too long; until then the log that it needs is
 * kept ({@link LogNeeds}), whatever the transfer says of itself.
 *
 * <p>It is level once it has all, or as much as there was less than an election timeout ago: the log
 * is followed in rounds, each up to the end as of its beginning, and the last one is that short
 * (thesis §4.2.1).
 *
 * @param snapshotIndex the last entry in the snapshot, or one that it will hold
 * @param snapshotBytes its size; of the one before it while that is unknown, 0 if there was none
 * @param overtakenCount snapshots of this catch-up that the log's start overtook
 * @param goalIndex where the log ended when the round began; 0 while the snapshot is on its way
 * @param roundTick when the round began
 */
record CatchUp(
        long snapshotIndex,
        long snapshotBytes,
        int overtakenCount,
        long goalIndex,
        long roundTick) {
    /** There is none. */
    static final CatchUp NONE = new CatchUp(0, 0, 0, 0, 0);

    /**
     * Another snapshot is ordered.
     *
     * @param logStartIndex beyond the one before if the log was cut before the member needed no more
     */
    CatchUp ordered(long index, long logStartIndex) {
        boolean isOvertaken = isUnderWay() && snapshotIndex < logStartIndex;
        return new CatchUp(index, snapshotBytes, overtakenCount + (isOvertaken ? 1 : 0), 0, 0);
    }

    CatchUp made(long index, long bytes) {
        return new CatchUp(index, bytes, overtakenCount, 0, 0);
    }

    boolean isUnderWay() {
        return snapshotIndex > 0;
    }

    /**
     * The member's log agrees with this one up to {@code matchIndex}.
     *
     * @param maxRoundTicks a round that takes less is the last one
     */
    CatchUp cameTo(long matchIndex, long lastIndex, long tick, int maxRoundTicks) {
        if (!isUnderWay() || matchIndex < Math.max(snapshotIndex, goalIndex)) {
            return this;
        }
        boolean isShortRound = goalIndex > 0 && tick - roundTick < maxRoundTicks;
        return matchIndex == lastIndex || isShortRound
                ? NONE
                : new CatchUp(snapshotIndex, snapshotBytes, overtakenCount, lastIndex, tick);
    }
}
