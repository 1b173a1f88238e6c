package io.kvd.core.raft;

/**
 * Which of two that campaign at the same moment goes first: a rule that both can apply to what the
 * other one sent. A later or longer log first, since only that one may win (Raft §5.4.1); of equal
 * ones the higher id.
 *
 * <p>Raft's authors gave ranks up since a candidate that made way for a higher one, which then
 * failed, had to time out again (thesis §3.4). Here one makes way for a fraction of a
 * timeout, once a campaign, and before a term is raised (thesis §9.6), so no progress is lost.
 *
 * @param last the member's last entry
 */
record Rank(EntryId last, long nodeId) implements Comparable<Rank> {
    static Rank of(RaftCore core) {
        return new Rank(core.lastId(), core.nodeId());
    }

    boolean isAbove(Rank other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Rank other) {
        int byLog = last.compareTo(other.last);
        return byLog != 0 ? byLog : Long.compare(nodeId, other.nodeId);
    }
}
