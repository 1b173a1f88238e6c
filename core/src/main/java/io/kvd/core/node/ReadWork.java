package io.kvd.core.node;

import io.kvd.core.kv.RangeReader;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;
import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Serves read batches from one group's state, each from one view. May run on several threads at once. */
public final class ReadWork {
    /** Answers are handed on after so many, so that a batch never holds all of its answers in memory. */
    private static final int CHUNK_REQUESTS = 64;

    private final StateStore store;

    public ReadWork(StateStore store) {
        this.store = store;
    }

    /** Answers every request of the batch. */
    public void run(ReadBatch batch, Consumer<List<ClientReply>> replies) {
        try (StateView view = store.view()) {
            List<ClientRequest> requests = batch.requests();
            for (int from = 0; from < requests.size(); from += CHUNK_REQUESTS) {
                int to = Math.min(requests.size(), from + CHUNK_REQUESTS);
                replies.accept(answer(batch.header(), view, requests.subList(from, to)));
            }
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
