package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.SnapshotManifest;

/** Disk work on snapshots on their way, for the background thread ({@link io.kvd.core.kv.SnapshotStore}). */
public sealed interface SnapshotWork extends Work.Background {

    /** Answered by {@link NodeInput.SnapshotMade}. */
    record Make(long groupId, long shipment, long generation) implements SnapshotWork {}

    /** Answered by {@link NodeInput.ChunkRead}. */
    record Read(long groupId, long shipment, long position, int maxBytes) implements SnapshotWork {}

    record Release(long groupId, long shipment) implements SnapshotWork {}

    /**
     * Answered by {@link NodeInput.ChunkWritten}, or {@link NodeInput.SnapshotStaged} if it is unusable.
     *
     * @param receipt counts what the receiver began to take in: answers to an earlier one are late
     */
    record Receive(long groupId, long receipt, SnapshotManifest manifest) implements SnapshotWork {}

    /** Answered by {@link NodeInput.ChunkWritten}. */
    record Write(long groupId, long receipt, long position, Bytes bytes) implements SnapshotWork {}

    /** Answered by {@link NodeInput.SnapshotStaged}. */
    record Stage(long groupId, long receipt, long generation) implements SnapshotWork {}

    record Abandon(long groupId) implements SnapshotWork {}

    /** Deletes a staged generation that did not become live. */
    record Drop(long groupId, long generation) implements SnapshotWork {}
}
