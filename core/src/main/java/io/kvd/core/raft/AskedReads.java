package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A follower's reads for which it asks its leader, one request a {@link Ready}. An answer is to a
 * whole request. Dies with the follower's term and leader, so an answer of another leader is to
 * nothing.
 */
final class AskedReads {
    /** @param moment made before it was sent */
    record Asked(List<ReadId> reads, long askedTick, Moment moment) {
        static final Asked NOTHING = new Asked(List.of(), 0, Moment.NONE);
    }

    private final int maxPendingReads;
    /** Sent and unanswered, oldest first. */
    private final List<Asked> asked = new ArrayList<>();

    private List<ReadId> joined = new ArrayList<>();
    /** All reads in {@code asked} and {@code joined}. Never above maxPendingReads. */
    private int readCount;

    AskedReads(int maxPendingReads) {
        this.maxPendingReads = maxPendingReads;
    }

    Account account() {
        long held = joined.size();
        for (Asked one : asked) {
            held += one.reads().size();
        }
        return new Account("reads that wait for their leader", readCount, held);
    }

    boolean hasRoom() {
        return readCount < maxPendingReads;
    }

    void join(ReadId read) {
        joined.add(read);
        readCount++;
    }

    boolean hasJoined() {
        return !joined.isEmpty();
    }

    /** The reads of the next request. */
    List<ReadId> ask(long tick, Moment moment) {
        List<ReadId> reads = List.copyOf(joined);
        asked.add(new Asked(reads, tick, moment));
        joined = new ArrayList<>();
        return reads;
    }

    /** Takes out a request; NOTHING if it is not outstanding: the answer came again, or too late. */
    Asked answered(List<ReadId> reads) {
        for (Iterator<Asked> outstanding = asked.iterator(); outstanding.hasNext(); ) {
            Asked next = outstanding.next();
            if (next.reads().equals(reads)) {
                outstanding.remove();
                readCount -= reads.size();
                return next;
            }
        }
        return Asked.NOTHING;
    }

    /** Takes out what was asked at or before the tick. */
    List<ReadId> expire(long tick) {
        List<ReadId> expired = new ArrayList<>();
        while (!asked.isEmpty() && asked.get(0).askedTick() <= tick) {
            expired.addAll(asked.remove(0).reads());
        }
        readCount -= expired.size();
        return expired;
    }

    /** Takes out everything. */
    List<ReadId> abandon() {
        ask(Long.MAX_VALUE, Moment.NONE);
        return expire(Long.MAX_VALUE);
    }
}
