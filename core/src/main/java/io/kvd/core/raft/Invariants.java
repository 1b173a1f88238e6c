package io.kvd.core.raft;

import io.kvd.core.base.Check;

/**
 * What must hold of one replica at every moment. The cheap ones are checked after every {@link
 * RaftCore#advance}, in production too; all of them after every step of a test. What only several
 * replicas together can violate (Raft Figure 3) is the simulator's to check.
 */
public final class Invariants {
    /** What may only grow, or change in certain ways, from one moment to the next. */
    public record Moment(
            long term,
            long votedFor,
            RoleName role,
            long leaderId,
            long commitIndex,
            long appliedIndex,
            long handedOutIndex,
            EntryId logStart,
            EntryId last) {}

    private Invariants() {}

    /** Remembers the replica as it is, for a later {@link #checkAll}. */
    public static Moment momentOf(RaftCore core) {
        return new Moment(
                core.term(),
                core.votedFor(),
                core.role(),
                core.leaderId(),
                core.commitIndex(),
                core.appliedIndex(),
                core.handedOutIndex(),
                core.logStart(),
                core.lastId());
    }

    /** A few comparisons of numbers. */
    static void checkCheap(RaftCore core) {
        checkOrder(core);
        checkOffice(core);
    }

    /**
     * Everything, also what takes as long as the log in memory is.
     *
     * @param before an earlier moment of the same core
     */
    public static void checkAll(RaftCore core, Moment before) {
        checkNumbers(core, before);
        checkLog(core.log());
    }

    /**
     * What takes no longer than comparing numbers.
     *
     * @param before an earlier moment of the same core
     * @return the present one
     */
    public static Moment checkNumbers(RaftCore core, Moment before) {
        checkCheap(core);
        Moment now = momentOf(core);
        checkChange(before, now);
        return now;
    }

    // logStart <= applied <= handed out <= commit, persisted <= last.
    private static void checkOrder(RaftCore core) {
        long handedOut = core.handedOutIndex();
        Check.that(
                core.logStart().index() <= core.appliedIndex()
                        && core.appliedIndex() <= handedOut
                        && handedOut <= Math.min(core.commitIndex(), core.persistedIndex()),
                "out of order: handed out %d, persisted %d in %s",
                handedOut,
                core.persistedIndex(),
                core);
        Check.that(
                core.commitIndex() <= core.lastId().index()
                        && core.persistedIndex() <= core.lastId().index(),
                "beyond the log's end: %s",
                core);
        Check.that(core.lastId().term() <= core.term(), "an entry of a later term: %s", core);
    }

    // Who campaigns or leads has its own vote (Raft §5.2).
    private static void checkOffice(RaftCore core) {
        boolean isInOffice = core.role() == RoleName.LEADER || core.role() == RoleName.CANDIDATE;
        Check.that(
                !isInOffice || core.votedFor() == core.nodeId(),
                "voted for %d: %s",
                core.votedFor(),
                core);
        Check.that(
                (core.role() == RoleName.LEADER) == (core.leaderId() == core.nodeId()),
                "names the wrong leader: %s",
                core);
        Check.that(core.role() == RoleName.FOLLOWER || core.isVoter(), "not a voter: %s", core);
    }

    // The tail is contiguous, up to the end, and holds all that is not persisted.
    private static void checkLog(RaftLog log) {
        long bytes = 0;
        long held = 0;
        long next = 0;
        for (Run run : log.tail()) {
            boolean follows = held == 0 || run.firstIndex() == next;
            Check.that(follows && log.termsMatch(run), "%s in the tail, expected %d", run, next);
            held += run.entryCount();
            next = run.lastIndex() + 1;
            bytes += run.sizeBytes();
        }
        Check.that(held == 0 || next == log.lastIndex() + 1, "the tail ends before %d", next);
        Check.that(
                log.lastIndex() - held <= log.persistedIndex(),
                "%d entries held, persisted %d of %s",
                held,
                log.persistedIndex(),
                log.last());
        Check.that(
                bytes == log.tailBytes(), "tail of %d bytes, counted %d", bytes, log.tailBytes());
        Check.that(log.contains(log.last()), "terms end before %s", log.last());
    }

    private static void checkChange(Moment before, Moment now) {
        Check.that(now.term() >= before.term(), "the term went back from %s to %s", before, now);
        Check.that(
                now.commitIndex() >= before.commitIndex()
                        && now.appliedIndex() >= before.appliedIndex()
                        && now.handedOutIndex() >= before.handedOutIndex()
                        && now.logStart().index() >= before.logStart().index(),
                "an index went back from %s to %s",
                before,
                now);
        if (now.term() > before.term()) {
            return;
        }
        Check.that(
                before.votedFor() == NodeId.NONE || now.votedFor() == before.votedFor(),
                "a second vote in one term: %s, then %s",
                before,
                now);
        Check.that(
                before.leaderId() == NodeId.NONE
                        || now.leaderId() == NodeId.NONE
                        || now.leaderId() == before.leaderId(),
                "two leaders of one term: %s, then %s",
                before,
                now);
        // Leader Append-Only (Raft §5.3).
        boolean stayedInOffice = before.role() == RoleName.LEADER && now.role() == RoleName.LEADER;
        Check.that(
                !stayedInOffice || now.last().compareTo(before.last()) >= 0,
                "a leader's log went back from %s to %s",
                before,
                now);
    }
}
