package io.kvd.core.node;

import io.kvd.core.kv.RangeReader;
import io.kvd.core.kv.StateView;
import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Serves reads from one group's state: portions of short ones, each from one view, and counts, which take as long as
 * their range is large. What waits lies in the {@link ReadLine}. May run on several threads at once.
 */
public final class ReadWork {
    /** Made before the body exists, said by the deadline's passing or the connection's end. */
    private static final String OVER = "the deadline passed before there was room for the answer";

    private final LiveState state;
    private final ReadLine line;

    public ReadWork(LiveState state, ReadLine line) {
        this.state = state;
        this.line = line;
    }

    /** Puts reads in the line; {@link #run} or {@link #count} serve them. Never blocks. */
    public void add(ReadBatch batch) {
        line.add(batch);
    }

    /**
     * Answers a portion of the reads that wait.
     *
     * @param isOver whether nobody waits for the answer to a request any more: it is not read
     * @return whether there may be more to do now; if not, {@link ReadLine#left} says when
     */
    public boolean run(Predicate<ClientRequest> isOver, Consumer<List<ClientReply>> replies) {
        ReadLine.Portion portion = line.take(isOver);
        refuse(portion.over(), replies);
        if (!portion.reads().isEmpty()) {
            replies.accept(answer(portion.reads()));
        }
        return !portion.isEmpty();
    }

    /**
     * Answers one count, from a view of its own: one that is held for long keeps old rows alive.
     *
     * @param isOver asked again and again while it is counted
     * @return whether there may be more to do now
     */
    public boolean count(Predicate<ClientRequest> isOver, Consumer<List<ClientReply>> replies) {
        List<ReadLine.Waiting> next = line.takeCount();
        for (ReadLine.Waiting count : next) {
            replies.accept(List.of(count(count, () -> isOver.test(count.request()))));
        }
        return !next.isEmpty();
    }

    /** Refuses what nobody waits for any more. To be called now and then: who waits for room may wait for long. */
    public void expire(Predicate<ClientRequest> isOver, Consumer<List<ClientReply>> replies) {
        refuse(line.takeOver(isOver), replies);
    }

    private static void refuse(List<ReadLine.Waiting> over, Consumer<List<ClientReply>> replies) {
        if (!over.isEmpty()) {
            replies.accept(over.stream()
                    .map(one -> Replies.timeout(one.header(), one.request().origin(), OVER))
                    .toList());
        }
    }

    private ClientReply count(ReadLine.Waiting count, BooleanSupplier isOver) {
        RequestOrigin to = count.request().origin();
        try (StateView view = state.view()) {
            return RangeReader.count(view, count.range(), isOver)
                    .map(result -> reply(count, result))
                    .orElseGet(() -> Replies.timeout(
                            count.header(),
                            to,
                            "the deadline passed before all keys of the range were counted;"
                                    + " give it more time, or count smaller ranges"));
        }
    }

    private List<ClientReply> answer(List<ReadLine.Charged> reads) {
        List<RangeRequest> ranges = new ArrayList<>(reads.size());
        for (ReadLine.Charged read : reads) {
            ranges.add(read.read().range());
        }
        List<ClientReply> replies = new ArrayList<>(reads.size());
        try (StateView view = state.view()) {
            // One result at a time: a list of them would hold all rows beside all answers.
            RangeReader.readAll(view, ranges, result -> {
                ReadLine.Charged read = reads.get(replies.size());
                ClientReply reply = reply(read.read(), result);
                long bytes = reply.body().length() + (long) AnswerLimits.OVERHEAD_BYTES;
                line.made(read, bytes);
                replies.add(new ClientReply(reply.to(), reply.body(), bytes));
            });
        }
        return replies;
    }

    private static ClientReply reply(ReadLine.Waiting read, RangeResult result) {
        RangeRequest range = read.range();
        RequestOrigin to = read.request().origin();
        if (range.getConsistency() == Consistency.AT_LEAST
                && Long.compareUnsigned(result.getRevision(), range.getAtLeastRevision()) < 0) {
            return Replies.refused(
                    read.header(),
                    to,
                    Code.FUTURE_REVISION,
                    "revision %s is asked for, the store is at %d"
                            .formatted(
                                    Long.toUnsignedString(range.getAtLeastRevision()),
                                    result.getRevision()));
        }
        return Replies.range(read.header(), to, result);
    }
}
