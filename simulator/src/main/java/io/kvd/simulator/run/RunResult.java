package io.kvd.simulator.run;

import io.kvd.simulator.faults.FaultTally;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.judge.Coverage;
import io.kvd.simulator.judge.Sometimes;
import io.kvd.simulator.judge.Traffic;
import io.kvd.simulator.world.Violation;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of one run.
 *
 * @param simulatedNanos virtual time it took
 * @param traceHash of all its events
 * @param violations at most one: the run ends with it
 */
public record RunResult(
        long seed,
        long simulatedNanos,
        long eventCount,
        long traceHash,
        FaultTally tally,
        Operations operations,
        Judged judged,
        List<Violation> violations) {
    /** With fewer operations served, a run says nothing. */
    private static final int MIN_SERVED = 20;

    public RunResult {
        violations = List.copyOf(violations);
    }

    /**
     * Operations by how they ended for their clients.
     *
     * @param failed refused, or known not to have happened
     */
    public record Operations(long served, long unknown, long failed) {}

    /**
     * What the judges did.
     *
     * @param invariants how many were watched over
     * @param checks how often they looked
     * @param undecided histories of which it took too long to say whether they are linearizable
     * @param history what clients did and saw, but for stale reads; nothing if only rules are judged
     */
    public record Judged(
            int invariants,
            long checks,
            long undecided,
            Coverage coverage,
            Traffic traffic,
            List<Invocation> history) {}

    /** The same run, found to have broken that besides. */
    RunResult with(Violation violation) {
        List<Violation> all = new ArrayList<>(violations);
        all.add(violation);
        return new RunResult(
                seed, simulatedNanos, eventCount, traceHash, tally, operations, judged, all);
    }

    public boolean passed() {
        return violations.isEmpty();
    }

    /** How often a node was elected, but for the first time. */
    public long leaderChanges() {
        return judged.coverage().of(Sometimes.ANOTHER_LEADER)
                + judged.coverage().of(Sometimes.SAME_LEADER_AGAIN);
    }

    /** Whether so much happened that passing means something. */
    public boolean counts() {
        return operations.served() >= MIN_SERVED && leaderChanges() > 0;
    }
}
