package io.kvd.core.raft;

import java.util.List;

/** A leader's members, for who makes snapshots for them and sends those. Nobody's but a leader's has any effect. */
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

    /** The member says that it needs nothing more of the snapshot. Whether that is so its log shows. */
    void delivered(long nodeId);

    /** The member is not sent its snapshot any more. Nothing is kept for it beyond what is for any. */
    void givenUp(long nodeId);
}
