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
    private record Asked(List<ReadId> reads, long askedTick) {}

    private final int maxPendingReads;
    /** Sent and unanswered, oldest first. */
    private final List<Asked> asked = new ArrayList<>();

    private List<ReadId> joined = new ArrayList<>();
    /** All reads in {@code asked} and {@code joined}. Never above maxPendingReads. */
    private int readCount;

    AskedReads(int maxPendingReads) {
        this.maxPendingReads = maxPendingReads;
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
    List<ReadId> ask(long tick) {
        List<ReadId> reads = List.copyOf(joined);
        asked.add(new Asked(reads, tick));
        joined = new ArrayList<>();
        return reads;
    }

    /** Takes out a request; empty if it is not outstanding: the answer came again, or too late. */
    List<ReadId> answered(List<ReadId> reads) {
        for (Iterator<Asked> outstanding = asked.iterator(); outstanding.hasNext(); ) {
            if (outstanding.next().reads().equals(reads)) {
                outstanding.remove();
                readCount -= reads.size();
                return reads;
            }
        }
        return List.of();
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
    List<ReadId> abandon(long tick) {
        ask(tick);
        return expire(tick);
    }
}
