package io.kvd.server.metrics;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.LogBatch;
import io.kvd.core.raft.Run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows writes through the raft thread by their place in the log: all that were persisted with one fsync passed the
 * stages until then together. Owned by the raft thread.
 */
public final class WriteStages {
    /** What is not committed is bounded in bytes; this bounds what a leader without a quorum keeps here. */
    private static final int MAX_BATCHES = 4096;

    /** Ascending by index. */
    private final ArrayDeque<Batch> persisted = new ArrayDeque<>();

    private long turnNanos;

    private record Batch(long lastIndex, RequestTimes times) {}

    /** A turn begins. */
    public void turnBegins(long nowNanos) {
        turnNanos = nowNanos;
    }

    /** The batch is durable. */
    void persisted(LogBatch batch, long nowNanos) {
        for (LogBatch.GroupWrite write : batch.groups()) {
            if (!write.runs().isEmpty()) {
                long first = write.runs().get(0).firstIndex();
                while (!persisted.isEmpty() && persisted.peekLast().lastIndex() >= first) {
                    persisted.removeLast(); // Truncated: another leader's entries took their place.
                }
                if (persisted.size() == MAX_BATCHES) {
                    persisted.removeFirst();
                }
                Run last = write.runs().get(write.runs().size() - 1);
                persisted.addLast(
                        new Batch(last.lastIndex(), RequestTimes.persisted(turnNanos, nowNanos)));
            }
        }
    }

    /** Entries are handed to apply: the times of the writes that wait for them, in their order. */
    public List<RequestTimes> committed(ApplyInput.ApplyBatch batch, long nowNanos) {
        List<RequestTimes> times = new ArrayList<>(batch.waiting().size());
        RequestTimes same = RequestTimes.NONE;
        long sameToIndex = 0;
        for (ApplyInput.WaitingWrite write : batch.waiting()) {
            long index = write.id().index();
            if (index > sameToIndex) {
                forgetBelow(index);
                same = persisted.isEmpty()
                        ? RequestTimes.NONE
                        : persisted.peekFirst().times().ready(nowNanos);
                sameToIndex =
                        persisted.isEmpty() ? index : persisted.peekFirst().lastIndex();
            }
            times.add(same);
        }
        List<Run> runs = batch.runs();
        if (!runs.isEmpty()) {
            forgetBelow(runs.get(runs.size() - 1).lastIndex() + 1);
        }
        return times;
    }

    private void forgetBelow(long index) {
        while (!persisted.isEmpty() && persisted.peekFirst().lastIndex() < index) {
            persisted.removeFirst();
        }
    }
}
