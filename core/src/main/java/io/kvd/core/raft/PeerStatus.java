package io.kvd.core.raft;

/**
 * What a leader tells operators of one other member.
 *
 * @param matchIndex highest index known to be persisted there; 0 until its first acceptance in this
 *     term
 * @param ticksSinceAnswer ticks since it last answered, or since this leader took office
 * @param inflightBytes entries sent and not answered; 0 while the logs' common prefix is looked for
 */
public record PeerStatus(
        long nodeId, long matchIndex, long ticksSinceAnswer, Supply supply, long inflightBytes) {
    /** What it gets. */
    public enum Supply {
        /** The log's entries. */
        ENTRIES,
        /** Nothing: it needs entries that this leader's log no longer has, and only a snapshot helps. */
        NEEDS_SNAPSHOT,
        /** A snapshot, behind which the log goes on. */
        SNAPSHOT
    }

    /** Whether the log's entries do not help it. */
    public boolean belowLogStart() {
        return supply != Supply.ENTRIES;
    }
}
