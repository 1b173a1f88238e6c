package io.kvd.core.node;

import io.kvd.core.base.Check;
import io.kvd.core.raft.Run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The writes of this node's clients that are in the leader's log and not yet handed over for apply, by log index.
 * Empty unless this replica leads: whoever loses office answers all of them as unknown.
 */
final class PendingWrites {
    /** Ascending by index; indexes may be missing: the leader's own entries, and writes whose deadline passed. */
    private ArrayDeque<Pending> queue = new ArrayDeque<>();

    private record Pending(long index, ClientRequest request) {}

    void add(long index, ClientRequest request) {
        Check.that(
                queue.isEmpty() || queue.peekLast().index < index,
                "pending write at %d out of order",
                index);
        queue.addLast(new Pending(index, request));
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Removes and returns those among the run's entries. */
    List<ApplyInput.WaitingWrite> take(Run run) {
        List<ApplyInput.WaitingWrite> taken = new ArrayList<>();
        while (!queue.isEmpty() && queue.peekFirst().index <= run.lastIndex()) {
            Pending pending = queue.removeFirst();
            Check.that(
                    pending.index >= run.firstIndex(),
                    "pending write at %d was passed over",
                    pending.index);
            ClientRequest.Write write = (ClientRequest.Write) pending.request.body();
            taken.add(new ApplyInput.WaitingWrite(
                    pending.index, pending.request.origin(), write.command()));
        }
        return taken;
    }

    /** Removes and returns all. */
    List<ClientRequest> takeAll() {
        List<ClientRequest> all = queue.stream().map(Pending::request).toList();
        queue.clear();
        return all;
    }

    /** Removes and returns those whose deadline passed. */
    List<ClientRequest> takeExpired(long nowNanos) {
        List<ClientRequest> expired = new ArrayList<>();
        ArrayDeque<Pending> kept = new ArrayDeque<>(queue.size());
        for (Pending pending : queue) {
            if (pending.request.deadlineNanos() - nowNanos < 0) {
                expired.add(pending.request);
            } else {
                kept.addLast(pending);
            }
        }
        if (!expired.isEmpty()) {
            queue = kept;
        }
        return expired;
    }
}
