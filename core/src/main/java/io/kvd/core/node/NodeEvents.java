package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.RoleName;

/**
 * What happened, for those who watch: the server makes log lines and metrics of it, the simulator its trace. Called
 * on the loop's thread; must not block or throw.
 */
public interface NodeEvents {
    void happened(Event event);

    /** One thing that happened. */
    sealed interface Event {}

    /** A replica took a role, or learned of another leader. {@code leaderId} 0 = unknown. */
    record RoleTaken(long groupId, RoleName role, long term, long leaderId, EntryId last)
            implements Event {}

    /** Unborn, and this member was never seen: the cluster waits for it. */
    record WaitingForContact(long nodeId, String name, String peerAddress) implements Event {}

    /**
     * Both unborn, and configured differently: the cluster is not born before that is repaired. Seen by both sides.
     *
     * @param key of the configuration
     * @param ours this node's value
     * @param theirs that member's
     */
    record ConfigurationDiffers(long nodeId, String key, String ours, String theirs)
            implements Event {}

    /** Unborn and told of no other member, but somebody takes this node for one of theirs. */
    record TakenForAMember(String by) implements Event {}

    /** The cluster was born, here or by adopting the decider's table. */
    record Born(Bytes clusterId, Who decider) implements Event {}

    enum Who {
        THIS_NODE,
        ANOTHER_NODE
    }

    /**
     * A member came with another data directory than the cluster knows for it: it was wiped, or copied. It is
     * refused: it could vote as if it remembered. Seen by both sides.
     */
    record StoreRefused(long nodeId, Bytes knownStoreId, Bytes actualStoreId, Side side)
            implements Event {}

    enum Side {
        /** This node is the one that was refused. */
        REFUSED,
        /** This node refuses the other one. */
        REFUSING
    }

    /** A peer's message was dropped before it reached the replica; {@code reason} is constant text. */
    record MessageDropped(long fromNode, String reason) implements Event {}

    /**
     * A member sent what no correct member sends. It had no effect; its connection is closed.
     *
     * @param rule constant text, the end of "its message …"
     * @param message as it is, without entries
     */
    record MessageRefused(long fromNode, String rule, String message) implements Event {}

    /** The log was cut after a flush. */
    record LogCut(long groupId, EntryId logStart, long logBytes) implements Event {}

    /** A turn persisted something. */
    record Persisted(int entryCount, long byteCount) implements Event {}

    /** A member needs entries that the log no longer has. */
    record SnapshotSent(long groupId, long toNode, EntryId last, long bytes, SendStep step)
            implements Event {}

    enum SendStep {
        BEGUN,
        INSTALLED,
        /** The member came far enough without it. */
        NOT_NEEDED,
        /** The log that the member needs behind it was cut: it would be in vain. The next one follows. */
        OVERTAKEN,
        GIVEN_UP
    }

    /** A snapshot comes in from that member. {@code reason}: why it was given up, else empty. */
    record SnapshotReceived(
            long groupId, long fromNode, EntryId last, long bytes, ReceiveStep step, String reason)
            implements Event {}

    enum ReceiveStep {
        BEGUN,
        INSTALLED,
        GIVEN_UP
    }

    record LeadershipHandedOver(long groupId, long toNode) implements Event {}
}
