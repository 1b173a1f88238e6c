package io.kvd.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.engine.EventTrace;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The seeds that every build runs: always the same ones, and some that nobody ran before. */
class SeedsTest {
    private static final int FIXED = 220;
    private static final int FRESH = 20;

    private final Simulator simulator = Simulator.inMemory();
    private final Totals totals = new Totals();

    @Test
    void fixedSeedsPassAndComeByAllThatMustBeSeen() {
        for (long seed = 1; seed <= FIXED; seed++) {
            run(seed);
        }

        assertThat(totals.failedSeeds()).isEmpty();
        assertThat(totals.unseenFaults()).as("faults that never came to pass").isEmpty();
        assertThat(totals.unseen()).as("what never happened").isEmpty();
    }

    @Test
    void freshSeedsPass() {
        long first = System.nanoTime() & Long.MAX_VALUE >> 1;
        for (long seed = first; seed < first + FRESH; seed++) {
            run(seed);
        }

        assertThat(totals.failedSeeds()).isEmpty();
    }

    private void run(long seed) {
        RunResult result = simulator.run(seed, EventTrace.unread());
        totals.add(result);
        if (!result.passed()) {
            List<String> report =
                    FailureReport.of(result, simulator, "kvd simulate --seed " + seed + " --trace");
            throw new AssertionError(String.join("\n", report));
        }
    }
}
