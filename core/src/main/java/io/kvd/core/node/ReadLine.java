package io.kvd.core.node;

import io.kvd.core.kv.RangeReader;
import io.kvd.protocol.RangeRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads that may be served, until their answers left. An answer is charged before it is made, with the most that it
 * can take: a read whose answer finds no room waits here. Connections take turns, and what nobody waits for any more
 * is not read. Holds admitted requests only, which bounds it.
 *
 * <p>Any thread: each call is short and holds this object's monitor.
 */
public final class ReadLine {
    /** Reads at once, from one view: more of them gain little, and their answers wait for each other. */
    private static final int PORTION_READS = 64;

    /** Ranges among them: each may take a millisecond, and the others' answers wait for it. */
    private static final int PORTION_RANGES = 4;

    private final AnswerLimits limits;
    private final AnswerBudget budget;
    private final FairLine<Waiting> reads = new FairLine<>();
    private final FairLine<Waiting> counts = new FairLine<>();
    /** Whether a reader went away though reads wait: the next room that is made must call one. */
    private boolean starved;

    public ReadLine(AnswerLimits limits) {
        this.limits = limits;
        this.budget = new AnswerBudget(limits.totalBytes());
    }

    /** @param header for the reply */
    record Waiting(ReplyHeader header, ClientRequest request) {
        RangeRequest range() {
            return ((ClientRequest.Range) request.body()).request();
        }

        long connectionId() {
            return request.origin().connectionId();
        }
    }

    /** @param reservedBytes taken for the answer, until {@link #made} says what it has */
    record Charged(Waiting read, long reservedBytes) {}

    /**
     * What a reader does at once.
     *
     * @param over nobody waits for them any more: to be refused
     */
    record Portion(List<Charged> reads, List<Waiting> over) {
        boolean isEmpty() {
            return reads.isEmpty() && over.isEmpty();
        }
    }

    /** Reads that the state as it is may serve, and as it will be. */
    synchronized void add(ReadBatch batch) {
        for (ClientRequest request : batch.requests()) {
            Waiting waiting = new Waiting(batch.header(), request);
            boolean isCount = RangeReader.isCount(waiting.range());
            (isCount ? counts : reads).add(waiting.connectionId(), waiting);
        }
    }

    /** The next reads for which there is room, oldest first of each connection. */
    synchronized Portion take(Predicate<ClientRequest> isOver) {
        List<Charged> taken = new ArrayList<>();
        List<Waiting> over = new ArrayList<>();
        int ranges = 0;
        int passed = 0;
        while (passed < reads.connections()
                && taken.size() < PORTION_READS
                && ranges < PORTION_RANGES
                && over.size() < PORTION_READS) {
            Waiting next = reads.first();
            long reserve = limits.reserveFor(next.range());
            if (isOver.test(next.request())) {
                over.add(reads.take());
            } else if (budget.hasRoom(next.connectionId(), reserve)) {
                budget.take(next.connectionId(), reserve);
                taken.add(new Charged(reads.take(), reserve));
                ranges += next.range().getRangeEnd().isEmpty() ? 0 : 1;
                passed = 0;
            } else if (budget.holdsNothing(next.connectionId())) {
                // Whoever has no answer yet is next: those behind would eat up what it waits for.
                break;
            } else {
                reads.pass();
                passed++;
            }
        }
        starved = taken.isEmpty() && !reads.isEmpty();
        return new Portion(taken, over);
    }

    /** The next count, if there is one. It is charged nothing: its answer is a number. */
    synchronized List<Waiting> takeCount() {
        return counts.isEmpty() ? List.of() : List.of(counts.take());
    }

    /** Removes and returns what nobody waits for any more. */
    synchronized List<Waiting> takeOver(Predicate<ClientRequest> isOver) {
        if (reads.isEmpty() && counts.isEmpty()) {
            return List.of();
        }
        List<Waiting> over = reads.takeAll(waiting -> isOver.test(waiting.request()));
        over.addAll(counts.takeAll(waiting -> isOver.test(waiting.request())));
        return over;
    }

    /** The answer is made: it holds so much, in place of the most that it could have. */
    synchronized void made(Charged read, long answerBytes) {
        budget.take(read.read().connectionId(), answerBytes);
        budget.giveBack(read.read().connectionId(), read.reservedBytes());
    }

    /**
     * The answer is with the kernel, or its connection is gone.
     *
     * @return whether a reader must be called: there is room again for reads that wait
     */
    public synchronized boolean left(long connectionId, long answerBytes) {
        budget.giveBack(connectionId, answerBytes);
        boolean calls = starved;
        starved = false;
        return calls;
    }

    /** Whether reads wait for others' answers to leave. */
    public synchronized boolean isStarved() {
        return starved;
    }

    /** Bytes that answers hold now. */
    public synchronized long heldBytes() {
        return budget.heldBytes();
    }

    /** Reads and counts that wait. */
    public synchronized int waiting() {
        return reads.size() + counts.size();
    }
}
