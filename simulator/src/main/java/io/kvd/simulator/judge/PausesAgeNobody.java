package io.kvd.simulator.judge;

import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

import java.util.IdentityHashMap;

/**
 * Log time is time in office: a turn adds an election timeout at most, however long the process stood still before it,
 * and all of them no more than the leader's own clock shows.
 */
final class PausesAgeNobody extends Judge {
    private static final long MILLI = 1_000_000;

    private final IdentityHashMap<NodeProcess, Office> offices = new IdentityHashMap<>();

    private final long mostMs;

    private static final class Office {
        private long term;
        private long begunNanos;
        private long begunLogTimeMs;
        private long logTimeMs;
    }

    PausesAgeNobody(RaftOptions options) {
        super("log time is time in office", "docs/semantics.md, sessions");
        this.mostMs = (long) options.electionTicks() * options.tickMs();
    }

    @Override
    public void turned(NodeProcess process) {
        if (process.raft().isEmpty() || process.raft().get().role() != RoleName.LEADER) {
            offices.remove(process);
            return;
        }
        RaftCore raft = process.raft().get();
        long now = process.host().ownNanos();
        Office office = offices.computeIfAbsent(process, p -> new Office());
        if (office.term == raft.term()) {
            judge(process, raft, office, now);
        } else {
            office.term = raft.term();
            office.begunNanos = now;
            office.begunLogTimeMs = raft.logTimeMs();
        }
        office.logTimeMs = raft.logTimeMs();
    }

    private void judge(NodeProcess process, RaftCore raft, Office office, long now) {
        check(
                raft.logTimeMs() - office.logTimeMs <= mostMs,
                "%s let %d ms of log time pass in one turn",
                process,
                raft.logTimeMs() - office.logTimeMs);
        // A turn's worth of ticks may be of before the office.
        long passedMs = (now - office.begunNanos) / MILLI + mostMs;
        check(
                raft.logTimeMs() - office.begunLogTimeMs <= passedMs,
                "%s let %d ms of log time pass in office, within %d ms",
                process,
                raft.logTimeMs() - office.begunLogTimeMs,
                passedMs);
    }

    @Override
    public void ended(NodeProcess process) {
        offices.remove(process);
    }
}
