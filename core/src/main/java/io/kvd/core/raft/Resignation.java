package io.kvd.core.raft;

import java.util.List;

/**
 * Decides when a leader gives its office up since another member would do its work better, and to
 * whom (thesis §3.10: "a more suitable server"). Members follow whoever heartbeats; without this, one
 * full disk on the leader would have the whole group refuse writes.
 *
 * <p>The heir has proved itself: it is a voter that said with an answer of this office, not longer
 * ago than a timeout, that it is fit, and it has all that is committed. Without one the leader
 * stays: no office is worse than a poor one. Owned by {@link Leader}.
 */
final class Resignation {
    /** A disk is slow if a log write takes so many times as long as on the heir's. */
    private static final int MUCH_SLOWER = 8;

    private final RaftCore core;
    private final Replication replication;
    /** How long somebody much faster has been there, in ticks without a break. */
    private int slowTicks;
    /** Who was to take over last in this office, and did not. */
    private long lastHeir = NodeId.NONE;

    Resignation(RaftCore core, Replication replication) {
        this.core = core;
        this.replication = replication;
    }

    /** Called once a tick. Whom to hand over to now, {@link NodeId#NONE} = nobody. */
    long heir() {
        List<Peer> heirs = replication.heirs();
        long fastest = muchFaster(heirs);
        slowTicks = fastest == NodeId.NONE ? 0 : slowTicks + 1;
        if (!core.candidacy().mayHandOver(core.ticks())) {
            return NodeId.NONE;
        }
        if (core.candidacy().fitness().isUnfit()) {
            return preferred(heirs);
        }
        return slowTicks >= core.options().electionTicks() ? fastest : NodeId.NONE;
    }

    /** Whether this leader is unfit, and will soon hand over. */
    boolean isComing() {
        return core.candidacy().fitness().isUnfit()
                && core.candidacy().mayHandOver(core.ticks())
                && !replication.heirs().isEmpty();
    }

    private long preferred(List<Peer> heirs) {
        for (Peer peer : heirs) {
            if (peer.nodeId() != lastHeir) {
                return peer.nodeId();
            }
        }
        return heirs.isEmpty() ? NodeId.NONE : heirs.get(0).nodeId();
    }

    // Whose log writes are fastest, if that is much faster than here.
    private long muchFaster(List<Peer> heirs) {
        long fastest = NodeId.NONE;
        long leastMicros = Long.MAX_VALUE;
        for (Peer peer : heirs) {
            long micros = peer.fitness().persistMicros();
            if (micros > 0 && micros < leastMicros) {
                fastest = peer.nodeId();
                leastMicros = micros;
            }
        }
        long ownMicros = core.candidacy().fitness().persistMicros();
        return fastest != NodeId.NONE && isMuchSlower(ownMicros, leastMicros)
                ? fastest
                : NodeId.NONE;
    }

    // What a client can't feel, which is less than a tick, is no reason.
    private boolean isMuchSlower(long ownMicros, long theirMicros) {
        return ownMicros >= 1_000L * core.options().tickMs()
                && ownMicros / MUCH_SLOWER >= theirMicros;
    }

    void handsOverTo(long heir) {
        lastHeir = heir;
        slowTicks = 0;
        core.candidacy().handsOver(core.ticks());
    }
}
