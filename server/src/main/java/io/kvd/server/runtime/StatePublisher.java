package io.kvd.server.runtime;

import io.kvd.core.node.NodeLoop;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.server.metrics.NodeState;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells other threads, ten times a second, how the replica stands. Written on the raft thread, read on any. */
final class StatePublisher {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PERIODS_A_SECOND = 10;

    /** Of the last second, oldest first. Raft thread. */
    private final ArrayDeque<Long> commitIndexes = new ArrayDeque<>();

    private volatile NodeState state;

    StatePublisher(long nowNanos) {
        state = NodeState.unborn(nowNanos);
    }

    NodeState state() {
        return state;
    }

    /** Called after each turn; does something only if it is time to. */
    void turned(NodeLoop loop, long nowNanos) {
        if (nowNanos - state.takenNanos() >= PERIOD_NANOS) {
            state = loop.raft()
                    .map(core -> stateOf(core, nowNanos))
                    .orElseGet(() -> NodeState.unborn(nowNanos));
        }
    }

    private NodeState stateOf(RaftCore core, long nowNanos) {
        commitIndexes.addLast(core.commitIndex());
        long currentTo = commitIndexes.size() > PERIODS_A_SECOND ? commitIndexes.removeFirst() : 0;
        boolean leads = core.role() == RoleName.LEADER;
        return new NodeState(
                nowNanos,
                core.role().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                core.term(),
                core.leaderId(),
                new NodeState.Indexes(
                        core.logStart().index() + 1,
                        core.lastId().index(),
                        core.commitIndex(),
                        core.appliedIndex()),
                leads ? core.uncommittedBytes() : 0,
                currentTo,
                leads ? core.peers() : List.of());
    }
}
