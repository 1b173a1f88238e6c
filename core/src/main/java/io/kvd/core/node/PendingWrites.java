package io.kvd.core.node;

import io.kvd.core.base.Check;
import io.kvd.core.raft.EntryId;
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

    private record Pending(EntryId id, ClientRequest request) {}

    void add(EntryId id, ClientRequest request) {
        Check.that(
                queue.isEmpty() || queue.peekLast().id.compareTo(id) < 0,
                "pending write %s out of order",
                id);
        queue.addLast(new Pending(id, request));
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Removes and returns those among the run's entries. */
    List<ApplyInput.WaitingWrite> take(Run run) {
        List<ApplyInput.WaitingWrite> taken = new ArrayList<>();
        while (!queue.isEmpty() && queue.peekFirst().id.index() <= run.lastIndex()) {
            Pending pending = queue.removeFirst();
            // Whoever lost the office has answered them all, so what is here is of this leader
            // (Raft §5.3).
            Check.that(
                    run.contains(pending.id.index())
                            && run.termAt(pending.id.index()) == pending.id.term(),
                    "pending write %s is not in %s",
                    pending.id,
                    run);
            ClientRequest.Write write = (ClientRequest.Write) pending.request.body();
            taken.add(new ApplyInput.WaitingWrite(
                    pending.id, pending.request.origin(), write.command()));
        }
        return taken;
    }

    /** Removes and returns all. */
    List<ClientRequest> takeAll() {
        if (queue.isEmpty()) {
            return List.of();
        }
        List<ClientRequest> all = queue.stream().map(Pending::request).toList();
        queue.clear();
        return all;
    }

    /** Removes and returns those whose deadline passed. */
    List<ClientRequest> takeExpired(long nowNanos) {
        if (queue.isEmpty()) {
            return List.of();
        }
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
