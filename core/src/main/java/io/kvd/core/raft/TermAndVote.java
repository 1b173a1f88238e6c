package io.kvd.core.raft;

import io.kvd.core.base.Check;

/**
 * Term and vote, and what of them is on disk (Raft Figure 2, persistent state). The term never goes
 * back; within a term the vote is cast once. Owned by {@link RaftCore}.
 */
final class TermAndVote {
    private HardState current;
    private HardState persisted;

    TermAndVote(HardState restored) {
        this.current = restored;
        this.persisted = restored;
    }

    HardState current() {
        return current;
    }

    long term() {
        return current.term();
    }

    long votedFor() {
        return current.votedFor();
    }

    boolean isPersisted() {
        return current.equals(persisted);
    }

    /** Adopts a term; without a vote, which goes with its term in one record (Raft §5.2). */
    void adopt(long term) {
        Check.that(term >= current.term(), "term %d after %s", term, current);
        if (term > current.term()) {
            current = new HardState(term, NodeId.NONE);
        }
    }

    /** At most one vote a term (Raft §5.2). */
    void voteFor(long nodeId) {
        boolean isFree = votedFor() == NodeId.NONE || votedFor() == nodeId;
        Check.that(isFree, "%s, now a vote for %d", current, nodeId);
        current = new HardState(current.term(), nodeId);
    }

    void persisted() {
        persisted = current;
    }
}
