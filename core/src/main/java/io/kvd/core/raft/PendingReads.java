package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A leader's linearizable reads, waiting for a round: proof by a quorum that this leader was in
 * office after they arrived (thesis §6.4). A read joins only a round that begins after it; all that
 * arrived since the last one share it.
 *
 * <p>Rounds are numbered per office; every AppendEntries carries the newest number and every answer
 * echoes it.
 */
final class PendingReads {
    /**
     * @param number of the round
     * @param begunTick when its first message could leave at the earliest
     * @param readIndex what must be applied before one of its reads is served
     * @param own reads of this replica's clients
     * @param asked reads of other replicas
     */
    record Round(
            long number,
            long begunTick,
            long readIndex,
            List<ReadId> own,
            List<Message.ReadIndexRequest> asked) {

        int readCount() {
            int count = own.size();
            for (Message.ReadIndexRequest request : asked) {
                count += request.reads().size();
            }
            return count;
        }
    }

    private final int maxPendingReads;
    /**
     * Begun and not confirmed, oldest first. Bounded: by the reads, and since an office without a
     * quorum ends.
     */
    private final Deque<Round> rounds = new ArrayDeque<>();
    /** Reads for the next round. */
    private List<ReadId> joinedOwn = new ArrayList<>();

    private List<Message.ReadIndexRequest> joinedAsked = new ArrayList<>();
    /** All reads in {@code rounds} and joined. Never above maxPendingReads. */
    private int readCount;
    /** The newest round. Monotonic within an office. */
    private long round;
    /** The newest round that a read waits for, so that it must not wait for the next heartbeat. */
    private long urgentRound;

    private long begunTick;

    PendingReads(int maxPendingReads, long tick) {
        this.maxPendingReads = maxPendingReads;
        this.begunTick = tick;
    }

    Account account() {
        long held = joinedOwn.size();
        for (Message.ReadIndexRequest request : joinedAsked) {
            held += request.reads().size();
        }
        for (Round one : rounds) {
            held += one.readCount();
        }
        return new Account("reads that wait for a round", readCount, held);
    }

    long round() {
        return round;
    }

    long urgentRound() {
        return urgentRound;
    }

    /** When the newest round began, in ticks. */
    long begunTick() {
        return begunTick;
    }

    boolean hasRoomFor(int reads) {
        return readCount + reads <= maxPendingReads;
    }

    void join(ReadId read) {
        joinedOwn.add(read);
        count(1);
    }

    void join(Message.ReadIndexRequest request) {
        joinedAsked.add(request);
        count(request.reads().size());
    }

    private void count(int reads) {
        Check.that(hasRoomFor(reads), "%d pending reads and %d more", readCount, reads);
        readCount += reads;
    }

    /** Whether reads wait for a round to begin. */
    boolean hasJoined() {
        return !joinedOwn.isEmpty() || !joinedAsked.isEmpty();
    }

    /** Begins a round with all reads that joined, perhaps none. */
    void begin(long tick, long readIndex) {
        round++;
        begunTick = tick;
        if (hasJoined()) {
            urgentRound = round;
        }
        rounds.addLast(new Round(round, tick, readIndex, joinedOwn, joinedAsked));
        joinedOwn = new ArrayList<>();
        joinedAsked = new ArrayList<>();
    }

    /** Takes out the rounds up to the number, which a quorum answered, oldest first. */
    List<Round> confirm(long quorumRound) {
        List<Round> confirmed = new ArrayList<>();
        while (!rounds.isEmpty() && rounds.peekFirst().number() <= quorumRound) {
            Round oldest = rounds.removeFirst();
            readCount -= oldest.readCount();
            confirmed.add(oldest);
        }
        return confirmed;
    }

    /** Takes out everything that waits, as if in one last round: the office is lost. */
    List<Round> abandon() {
        begin(begunTick, 0);
        return confirm(round);
    }
}
