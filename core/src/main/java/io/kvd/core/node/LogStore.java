package io.kvd.core.node;

import io.kvd.core.raft.Run;

import java.util.List;

/** Door to the one durable log of all groups: identity, terms, votes and entries. */
public interface LogStore extends AutoCloseable {
    /**
     * Reads and checks all of it: every entry's checksum, group, place and term order; identity and hard state
     * complete. Called once, before anything else.
     *
     * @throws io.kvd.core.base.StorageException damage, naming the file, what is damaged, and what to do
     */
    RestoredLog restore();

    /**
     * Writes the batch and fsyncs once. On return every part is durable and survives power loss. Raft thread only.
     *
     * @throws io.kvd.core.base.StorageException the batch may or may not be on disk; the node must halt (P6)
     */
    void write(LogBatch batch);

    /** How long the last write took, 0 if that is not measured. Raft thread only. */
    default long lastWriteNanos() {
        return 0;
    }

    /**
     * Entries {@code fromIndex} (inclusive) to {@code toIndex} (exclusive), as many as fit into {@code maxBytes} but
     * at least one: consecutive runs of which the first begins at {@code fromIndex}. Empty if that entry is not in
     * the log. Checked like at restore. Background thread.
     */
    List<Run> load(long groupId, long fromIndex, long toIndex, int maxBytes);

    /** Bytes of the group's entries in the log, exact to a run. Any thread; cheap. */
    long sizeBytes(long groupId);

    @Override
    void close();
}
