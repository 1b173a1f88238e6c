package io.kvd.simulator.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.linearizability.SimulatedClients.Kind;
import io.kvd.simulator.linearizability.SimulatedClients.Workload;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/** One wrong answer among thousands of good ones is found; without it, all is good. Seeds are printed with a failure. */
class PlantedFaultTest {
    private static final int SEEDS = 10;

    /** A workload, and what is done to its history. */
    private record Fault(
            String name, Workload workload, Function<PlantedFaults, List<Invocation>> plant) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Fault> faults() {
        List<Kind> register = List.of(Kind.GET, Kind.PUT);
        return Stream.of(
                new Fault(
                        "stale read",
                        new Workload(16, 3_000, 20, 0, 0.02, false, register),
                        PlantedFaults::staleRead),
                new Fault(
                        "stale read, revisions told",
                        new Workload(16, 3_000, 20, 0, 0.02, true, register),
                        PlantedFaults::staleRead),
                new Fault(
                        "stale read of a hot key",
                        new Workload(16, 3_000, 1, 0, 0.02, false, register),
                        PlantedFaults::staleRead),
                new Fault(
                        "lost write",
                        new Workload(16, 3_000, 20, 0, 0.02, false, register),
                        PlantedFaults::lostWrite),
                new Fault(
                        "undone delete",
                        new Workload(
                                16,
                                3_000,
                                20,
                                0,
                                0.02,
                                false,
                                List.of(Kind.GET, Kind.PUT, Kind.DELETE)),
                        PlantedFaults::undoneDelete),
                new Fault(
                        "double append",
                        new Workload(
                                8,
                                1_000,
                                20,
                                0,
                                0.02,
                                false,
                                List.of(Kind.GET, Kind.GET, Kind.APPEND)),
                        PlantedFaults::doubleAppend),
                new Fault(
                        "double compare-and-set",
                        new Workload(
                                16, 3_000, 20, 0, 0.02, true, List.of(Kind.GET, Kind.CAS_REVISION)),
                        PlantedFaults::doubleCompareAndSet),
                new Fault(
                        "lost row",
                        new Workload(8, 1_000, 8, 0, 0.02, false, List.of(Kind.PUT, Kind.RANGE)),
                        PlantedFaults::lostRow),
                new Fault(
                        "torn batch",
                        new Workload(4, 500, 8, 0, 0.02, true, List.of(Kind.BATCH, Kind.RANGE)),
                        PlantedFaults::tornBatch));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void oneWrongAnswerIsFound(Fault fault) {
        LinearizabilityChecker checker = new LinearizabilityChecker(Budget.DEFAULT);
        for (long seed = 1; seed <= SEEDS; seed++) {
            List<Invocation> good =
                    SimulatedClients.run(fault.workload(), new SplittableRandom(seed));
            List<Invocation> bad = fault.plant().apply(new PlantedFaults(good, seed));

            assertThat(checker.check(good))
                    .as("%s, seed %d, without it", fault, seed)
                    .isInstanceOf(Verdict.Linearizable.class);
            assertThat(checker.check(bad))
                    .as("%s, seed %d", fault, seed)
                    .isInstanceOf(Verdict.NotLinearizable.class);
        }
    }
}
