package io.kvd.core.raft;

/**
 * The peer needs entries that this log has no more: a snapshot is made for it and sent (Raft §7). No
 * entries go to it meanwhile. Heartbeats go on, and ask whether it has come as far as the snapshot:
 * only its log's agreement there ends this, not what the transfer says.
 *
 * @param snapshotIndex the last entry in the snapshot; while it is being made, one that it will hold
 */
record Snapshotting(long matchIndex, long snapshotIndex) implements Progress {
    @Override
    public long nextIndex() {
        return snapshotIndex + 1;
    }

    @Override
    public boolean awaitsAnswer() {
        return false;
    }

    @Override
    public Progress accepted(long index) {
        if (index >= snapshotIndex) {
            return Replicating.from(index);
        }
        return index > matchIndex ? new Snapshotting(index, snapshotIndex) : this;
    }

    /** Until it has the snapshot, it lacks what comes before every message. */
    @Override
    public Progress rejected(long rejectedIndex, long agreeingIndex) {
        return this;
    }
}
