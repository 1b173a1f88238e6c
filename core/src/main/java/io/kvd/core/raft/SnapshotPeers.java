package io.kvd.core.raft;

import java.util.List;

/**
 * The other members, for who makes, sends and takes snapshots. Of a replica that does not lead only {@link #answer} has
 * any effect. To be used between inputs, not while a Ready is carried out.
 */
public interface SnapshotPeers {
    /** By node id; empty if this replica does not lead. */
    List<PeerStatus> status();

    /**
     * A snapshot is ordered for the member; the log behind it is kept from now on.
     *
     * @param index of an entry that the snapshot will hold
     */
    void ordered(long nodeId, long index);

    /** The snapshot for the member is made: its last entry, and its size. */
    void made(long nodeId, long index, long bytes);

    /** Sends the member a part of its snapshot, or asks how far it is. */
    void send(long nodeId, SnapshotPiece piece);

    /** Tells the sender of a snapshot how far it is here; at any time after its piece came. */
    void answer(Message.Header request, SnapshotPiece progress);

    /** The member says that it needs nothing more of the snapshot. Whether that is so its log shows. */
    void delivered(long nodeId);

    /** The member is not sent its snapshot any more. Nothing is kept for it beyond what is for any. */
    void givenUp(long nodeId);
}
