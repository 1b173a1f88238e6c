package io.kvd.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.faults.FaultTally;
import io.kvd.simulator.judge.Coverage;
import io.kvd.simulator.judge.Sometimes;
import io.kvd.simulator.judge.Traffic;

import org.junit.jupiter.api.Test;

import java.util.List;

class TotalsTest {
    private final Totals totals = new Totals();

    @Test
    void aLongRunThatSawEverythingIsNotBlind() {
        for (int seed = 0; seed < Totals.LONG_RUN; seed++) {
            totals.add(result(100, everyFault(), everything()));
        }

        assertThat(totals.blindSpots()).isEmpty();
    }

    @Test
    void aLongRunNamesTheFaultThatNeverCameToPass() {
        FaultTally faults = everyFault();
        FaultTally none = new FaultTally();
        for (int seed = 0; seed < Totals.LONG_RUN; seed++) {
            totals.add(result(100, none, everything()));
        }
        assertThat(totals.blindSpots())
                .hasSize(FaultKind.values().length)
                .contains("no fault was ever a slow-fsync");

        totals.add(result(100, faults, everything()));
        assertThat(totals.blindSpots()).isEmpty();
    }

    @Test
    void aLongRunNamesWhatNeverHappened() {
        for (int seed = 0; seed < Totals.LONG_RUN; seed++) {
            Coverage coverage = new Coverage();
            coverage.count(Sometimes.ANOTHER_LEADER);
            totals.add(result(100, everyFault(), coverage));
        }

        assertThat(totals.blindSpots())
                .hasSize(Sometimes.values().length - 1)
                .contains("it never happened that " + Sometimes.SPLIT_VOTE.sentence());
    }

    @Test
    void aLongRunWithoutTrafficIsBlind() {
        for (int seed = 0; seed < Totals.LONG_RUN; seed++) {
            totals.add(result(seed % 2 == 0 ? 100 : 1, everyFault(), everything()));
        }

        assertThat(totals.blindSpots())
                .containsExactly("only 500 of 1000 seeds saw enough to count");
    }

    @Test
    void aShortRunMayBeBlind() {
        totals.add(result(0, new FaultTally(), new Coverage()));

        assertThat(totals.blindSpots()).isEmpty();
    }

    private static FaultTally everyFault() {
        FaultTally faults = new FaultTally();
        for (FaultKind kind : FaultKind.values()) {
            faults.count(kind);
        }
        return faults;
    }

    private static Coverage everything() {
        Coverage coverage = new Coverage();
        for (Sometimes what : Sometimes.values()) {
            coverage.count(what);
        }
        return coverage;
    }

    private static RunResult result(long served, FaultTally faults, Coverage coverage) {
        return new RunResult(
                1,
                1,
                1,
                1,
                faults,
                new RunResult.Operations(served, 0, 0),
                new RunResult.Judged(1, 1, 0, coverage, new Traffic(), List.of()),
                List.of());
    }
}
