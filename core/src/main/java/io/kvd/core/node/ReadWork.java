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
 * Serves reads from one group's state: batches of short ones, each from one view, and counts, which take as long as
 * their range is large. May run on several threads at once.
 */
public final class ReadWork {
    /** Answers are handed on after so many, so that a batch never holds all of its answers in memory. */
    private static final int CHUNK_REQUESTS = 64;

    private final LiveState state;

    public ReadWork(LiveState state) {
        this.state = state;
    }

    /** Answers every request of the batch; none of them counts a range. */
    public void run(ReadBatch batch, Consumer<List<ClientReply>> replies) {
        try (StateView view = state.view()) {
            List<ClientRequest> requests = batch.requests();
            for (int from = 0; from < requests.size(); from += CHUNK_REQUESTS) {
                int to = Math.min(requests.size(), from + CHUNK_REQUESTS);
                replies.accept(answer(batch.header(), view, requests.subList(from, to)));
            }
        }
    }

    /**
     * Answers every count of the batch, each from a view of its own: one that is held for long keeps old rows alive.
     *
     * @param isOver whether the answer to a request would come too late; asked again and again while it is counted
     */
    public void count(
            ReadBatch batch, Predicate<ClientRequest> isOver, Consumer<List<ClientReply>> replies) {
        for (ClientRequest request : batch.requests()) {
            replies.accept(List.of(count(batch.header(), request, () -> isOver.test(request))));
        }
    }

    private ClientReply count(ReplyHeader header, ClientRequest request, BooleanSupplier isOver) {
        RangeRequest range = ((ClientRequest.Range) request.body()).request();
        try (StateView view = state.view()) {
            return RangeReader.count(view, range, isOver)
                    .map(result -> reply(header, request.origin(), range, result))
                    .orElseGet(() -> Replies.timeout(
                            header,
                            request.origin(),
                            "the deadline passed before all keys of the range were counted;"
                                    + " give it more time, or count smaller ranges"));
        }
    }

    private static List<ClientReply> answer(
            ReplyHeader header, StateView view, List<ClientRequest> requests) {
        List<RangeRequest> ranges = new ArrayList<>(requests.size());
        for (ClientRequest request : requests) {
            ranges.add(((ClientRequest.Range) request.body()).request());
        }
        List<RangeResult> results = RangeReader.readAll(view, ranges);
        List<ClientReply> replies = new ArrayList<>(requests.size());
        for (int i = 0; i < results.size(); i++) {
            replies.add(reply(header, requests.get(i).origin(), ranges.get(i), results.get(i)));
        }
        return replies;
    }

    private static ClientReply reply(
            ReplyHeader header, RequestOrigin to, RangeRequest range, RangeResult result) {
        if (range.getConsistency() == Consistency.AT_LEAST
                && result.getRevision() < range.getAtLeastRevision()) {
            return Replies.refused(
                    header,
                    to,
                    Code.FUTURE_REVISION,
                    "revision %d is asked for, the store is at %d"
                            .formatted(range.getAtLeastRevision(), result.getRevision()));
        }
        return Replies.range(header, to, result);
    }
}
