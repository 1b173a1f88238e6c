package io.kvd.core.raft;

/**
 * Looking for the last entry that both logs have: one AppendEntries at a time, then silence until
 * its answer or the next heartbeat, which asks again.
 *
 * @param paused whether a probe is unanswered
 */
record Probing(long matchIndex, long nextIndex, boolean paused) implements Progress {
    /**
     * What a new leader assumes of everyone (Raft Figure 2: nextIndex = last + 1, matchIndex = 0).
     */
    static Probing atEnd(long lastIndex) {
        return new Probing(0, lastIndex + 1, false);
    }

    Probing sent() {
        return new Probing(matchIndex, nextIndex, true);
    }

    @Override
    public boolean awaitsAnswer() {
        return paused;
    }

    @Override
    public Progress accepted(long index) {
        // Below the probe and nothing new: the late answer to an earlier message.
        if (index <= matchIndex && index < nextIndex - 1) {
            return this;
        }
        return Replicating.from(Math.max(index, matchIndex));
    }

    @Override
    public Progress rejected(long rejectedIndex, long agreeingIndex) {
        // Only the answer to the probe that is out: every other is late.
        if (rejectedIndex != nextIndex - 1 || rejectedIndex <= matchIndex) {
            return this;
        }
        return backedOff(matchIndex, rejectedIndex, agreeingIndex);
    }

    /** Lower by at least one, so that probing ends, and never into what is known to match. */
    static Probing backedOff(long matchIndex, long rejectedIndex, long agreeingIndex) {
        long agreeing = Math.min(agreeingIndex, rejectedIndex - 1);
        return new Probing(matchIndex, Math.max(agreeing, matchIndex) + 1, false);
    }
}
