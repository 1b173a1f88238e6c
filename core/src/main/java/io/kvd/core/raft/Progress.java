package io.kvd.core.raft;

/**
 * What a leader knows of one peer's log. Each event returns the state after it.
 *
 * <p>{@code matchIndex} is the highest index known to be persisted at the peer and equal to this
 * log; it never goes back within a term (Raft Figure 2). {@code nextIndex} is the first entry to
 * send; always above matchIndex.
 */
sealed interface Progress permits Probing, Replicating, Snapshotting {
    long matchIndex();

    long nextIndex();

    /** Whether something was sent whose answer would change this. */
    boolean awaitsAnswer();

    /** The peer's log equals this one up to the index: late and repeated answers change nothing. */
    Progress accepted(long index);

    /**
     * The peer's log does not have the entry at {@code rejectedIndex}.
     *
     * @param agreeingIndex the largest index below it where the logs can agree, by the peer's hint;
     *     0 if unknown
     */
    Progress rejected(long rejectedIndex, long agreeingIndex);
}
