package io.kvd.server.metrics;

import io.kvd.core.raft.PeerStatus;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A node as its raft thread last saw it, for those on other threads who watch.
 *
 * @param takenNanos when that was, on {@link System#nanoTime}
 * @param role as in the Raft paper, in lower case; {@code unborn} before the cluster's birth
 * @param leaderId 0 if unknown
 * @param uncommittedBytes 0 unless this node leads
 * @param currentToIndex what was committed, as far as this node knew, about a second before; 0 in its first second
 * @param peers empty unless this node leads
 */
public record NodeState(
        long takenNanos,
        String role,
        long term,
        long leaderId,
        Indexes indexes,
        long uncommittedBytes,
        long currentToIndex,
        List<PeerStatus> peers) {

    public static final String LEADER = "leader";
    public static final String UNBORN = "unborn";

    /** A raft thread that says nothing for so long waits for its disk, or worse. */
    private static final long MAX_SILENCE_NANOS = 2_000_000_000L;

    /** Where the log stands; {@code first} is that of the entries that it keeps. */
    public record Indexes(long first, long last, long commit, long applied) {
        public static final Indexes NONE = new Indexes(0, 0, 0, 0);
    }

    public NodeState {
        peers = List.copyOf(peers);
    }

    public static NodeState unborn(long nowNanos) {
        return new NodeState(nowNanos, UNBORN, 0, 0, Indexes.NONE, 0, 0, List.of());
    }

    public boolean leads() {
        return role.equals(LEADER);
    }

    /** Entries committed and not executed here yet. */
    public long applyLagEntries() {
        return Math.max(0, indexes.commit() - indexes.applied());
    }

    /** Why clients had better ask another node; empty if they need not. */
    public String notReadyBecause(long nowNanos) {
        long silenceMs = (nowNanos - takenNanos) / 1_000_000;
        if (nowNanos - takenNanos > MAX_SILENCE_NANOS) {
            return "the raft thread made no turn for " + silenceMs + " ms";
        } else if (role.equals(UNBORN)) {
            return "the cluster is not born yet";
        } else if (leaderId == 0) {
            return "no leader is known";
        } else if (indexes.applied() < currentToIndex) {
            return "entries up to %d were committed a second ago, executed are those up to %d"
                    .formatted(currentToIndex, indexes.applied());
        }
        return "";
    }

    /** Entries of this leader's log that the member has not acknowledged; 0 unless this node leads. */
    public long lagOf(long nodeId) {
        return ofPeer(nodeId, peer -> Math.max(0, indexes.last() - peer.matchIndex()));
    }

    /** Bytes of entries sent to the member and not answered; 0 unless this node leads. */
    public long windowOf(long nodeId) {
        return ofPeer(nodeId, PeerStatus::inflightBytes);
    }

    /** Ticks since the member answered this leader; 0 unless this node leads. */
    public long silentTicksOf(long nodeId) {
        return ofPeer(nodeId, PeerStatus::ticksSinceAnswer);
    }

    private long ofPeer(long nodeId, ToLongFunction<PeerStatus> number) {
        for (PeerStatus peer : peers) {
            if (peer.nodeId() == nodeId) {
                return number.applyAsLong(peer);
            }
        }
        return 0;
    }
}
