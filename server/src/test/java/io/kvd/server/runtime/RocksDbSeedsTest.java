package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.judge.Judges.Strictness;
import io.kvd.simulator.run.FailureReport;
import io.kvd.simulator.run.RunResult;
import io.kvd.simulator.run.Simulator;
import io.kvd.simulator.run.Totals;

import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * Of the seeds that every build runs, one in five runs on the stores that ship: always the same ones, and some that
 * nobody ran before. The others are in memory, in the simulator's own {@code SeedsTest}.
 */
class RocksDbSeedsTest {
    private static final int FIXED = 60;
    private static final int FRESH = 6;

    private final Simulator simulator =
            new Simulator(seed -> nodeId -> new RocksDbNodeStores(), Strictness.ALL);
    private final Totals totals = new Totals();

    @Test
    void fixedSeedsPass() {
        runFrom(1, FIXED);

        assertThat(totals.failedSeeds()).isEmpty();
    }

    @Test
    void freshSeedsPass() {
        runFrom(System.nanoTime() & Long.MAX_VALUE >> 1, FRESH);

        assertThat(totals.failedSeeds()).isEmpty();
    }

    private void runFrom(long first, int count) {
        for (long seed = first; seed < first + count; seed++) {
            RunResult result = simulator.run(seed, EventTrace.unread());
            totals.add(result);
            if (!result.passed()) {
                List<String> report = FailureReport.of(
                        result,
                        simulator,
                        "kvd simulate --seed " + seed + " --real-stores --trace");
                throw new AssertionError(String.join("\n", report));
            }
        }
    }
}
