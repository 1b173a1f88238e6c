package io.kvd.core.raft;

/**
 * What became of a proposal. Everything but {@link Appended} is definite: nothing entered the log.
 */
public sealed interface Proposed {
    /**
     * In the leader's log, from {@code first} on, one index a proposal; not yet persisted anywhere.
     */
    record Appended(EntryId first) implements Proposed {}

    /**
     * This replica does not lead.
     *
     * @param leaderId who to ask, {@link NodeId#NONE} if unknown
     */
    record NotLeader(long leaderId) implements Proposed {}

    /** Leader, but handing over, or too many uncommitted bytes: try again a little later. */
    record Busy() implements Proposed {}
}
