package io.kvd.simulator.judge;

import io.kvd.core.base.InvariantViolation;
import io.kvd.core.raft.Invariants;
import io.kvd.core.raft.RaftCore;
import io.kvd.simulator.world.NodeProcess;

import java.util.TreeMap;

/**
 * The part of a replica's log that it holds in memory is contiguous, up to the end, and holds all that is not
 * persisted. Looking at it takes as long as it is, so it is looked at the less often the longer it is.
 */
final class LogInMemoryIsWhole extends Judge {
    private final TreeMap<Long, Long> turnsToNext = new TreeMap<>();

    LogInMemoryIsWhole() {
        super("the log in memory is whole", "Raft §5.3");
    }

    @Override
    public void turned(NodeProcess process) {
        if (process.raft().isEmpty()) {
            return;
        }
        RaftCore raft = process.raft().get();
        long left = turnsToNext.getOrDefault(process.host().id(), 0L);
        if (left > 0) {
            turnsToNext.put(process.host().id(), left - 1);
            return;
        }
        try {
            Invariants.checkAll(raft, Invariants.momentOf(raft));
        } catch (InvariantViolation broken) {
            throw violation("%s: %s", process, broken);
        }
        held();
        long entries = raft.lastId().index() - raft.logStart().index();
        turnsToNext.put(process.host().id(), entries);
    }
}
