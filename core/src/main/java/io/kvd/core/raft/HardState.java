package io.kvd.core.raft;

import io.kvd.core.base.Check;

/**
 * What a replica must never forget (Raft Figure 2, persistent state): one record, written whole, so
 * that a vote never stands beside another term.
 *
 * @param term latest term this replica has seen; monotonic over restarts
 * @param votedFor whom it voted for in that term, {@link NodeId#NONE} = nobody
 */
public record HardState(long term, long votedFor) {
    public static final HardState INITIAL = new HardState(0, NodeId.NONE);

    public HardState {
        Check.that(
                term >= 0 && votedFor >= 0,
                "negative hard state: term %d votedFor %d",
                term,
                votedFor);
    }
}
