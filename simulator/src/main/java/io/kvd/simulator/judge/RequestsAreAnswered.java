package io.kvd.simulator.judge;

import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.RequestOrigin;
import io.kvd.simulator.world.NodeProcess;

import java.util.IdentityHashMap;
import java.util.TreeMap;

/**
 * Every request that a live node took is answered, once, by its deadline, and a little later at the latest: however many
 * wait with it, whoever does not answer the node, and whatever becomes of its office. Nobody is owed an answer whose
 * connection is gone.
 */
final class RequestsAreAnswered extends Judge {
    private static final long SECOND = 1_000_000_000L;
    /** So late may an answer be: a read that has begun takes no longer on the slowest host, nor does a batch. */
    private static final long GRACE_NANOS = 6 * SECOND;
    /** Who took no turn for so long stood still, or is very slow: its time begins anew. */
    private static final long GAP_NANOS = SECOND / 4;

    private final IdentityHashMap<NodeProcess, Owed> owed = new IdentityHashMap<>();

    private record Key(long connectionId, long requestId) implements Comparable<Key> {
        static Key of(RequestOrigin origin) {
            return new Key(origin.connectionId(), origin.requestId());
        }

        @Override
        public int compareTo(Key other) {
            int byConnection = Long.compare(connectionId, other.connectionId);
            return byConnection != 0 ? byConnection : Long.compare(requestId, other.requestId);
        }
    }

    /** What one process owes. Times are by its own clock. */
    private static final class Owed {
        private final TreeMap<Key, Long> deadlines = new TreeMap<>();
        private long lastTurn;
        private long steadySince;
        /** Nothing is overdue before. */
        private long nextLook;
    }

    RequestsAreAnswered() {
        super("every request is answered by its deadline", "docs/semantics.md, outcomes");
    }

    @Override
    public void taken(NodeProcess process, ClientRequest request) {
        owed.computeIfAbsent(process, p -> new Owed())
                .deadlines
                .put(Key.of(request.origin()), request.deadlineNanos());
    }

    @Override
    public void replied(NodeProcess process, RequestOrigin to) {
        Owed mine = owed.computeIfAbsent(process, p -> new Owed());
        boolean isOwed = mine.deadlines.remove(Key.of(to)) != null;
        check(
                isOwed || !process.host().isConnected(to.connectionId()),
                "%s answers request %d of connection %d, to which it owes nothing",
                process,
                to.requestId(),
                to.connectionId());
    }

    @Override
    public void turned(NodeProcess process) {
        Owed mine = owed.computeIfAbsent(process, p -> new Owed());
        long now = process.host().ownNanos();
        if (now - mine.lastTurn > GAP_NANOS) {
            mine.steadySince = now;
        }
        mine.lastTurn = now;
        if (now >= mine.nextLook) {
            look(process, mine, now);
            mine.nextLook = now + SECOND;
        }
    }

    private void look(NodeProcess process, Owed mine, long now) {
        mine.deadlines.keySet().removeIf(key -> !process.host().isConnected(key.connectionId()));
        mine.deadlines.forEach((key, deadline) -> check(
                now - Math.max(deadline, mine.steadySince) < GRACE_NANOS,
                "%s took request %d of connection %d, and has not answered it %d ms after its deadline",
                process,
                key.requestId(),
                key.connectionId(),
                (now - deadline) / 1_000_000));
    }

    @Override
    public void ended(NodeProcess process) {
        owed.remove(process);
    }
}
