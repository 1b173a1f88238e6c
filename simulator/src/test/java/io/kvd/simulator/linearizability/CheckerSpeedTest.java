package io.kvd.simulator.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.linearizability.SimulatedClients.Kind;
import io.kvd.simulator.linearizability.SimulatedClients.Workload;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What judging large good histories costs: asserted in steps, which every machine counts alike; printed in processor time. */
class CheckerSpeedTest {
    private static final long SEED = 1;

    /** A good history, and how many steps an operation of it may cost. */
    private record Load(String name, int stepsAnOperation, Workload workload) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Load> loads() {
        List<Kind> register = List.of(Kind.GET, Kind.PUT);
        List<Kind> single = List.of(
                Kind.GET, Kind.GET, Kind.PUT, Kind.DELETE, Kind.CAS_VALUE, Kind.CAS_REVISION);
        List<Kind> untold = List.of(Kind.GET, Kind.GET, Kind.PUT, Kind.DELETE, Kind.CAS_VALUE);
        List<Kind> whole =
                List.of(Kind.GET, Kind.PUT, Kind.DELETE, Kind.CAS_REVISION, Kind.RANGE, Kind.BATCH);
        return Stream.of(
                new Load(
                        "1,000 keys, registers",
                        3,
                        new Workload(16, 100_000, 1_000, 0, 0.01, false, register)),
                new Load(
                        "1,000 keys, all, told",
                        10,
                        new Workload(16, 100_000, 1_000, 0, 0.01, true, single)),
                new Load(
                        "1 key, registers",
                        15,
                        new Workload(16, 100_000, 1, 0, 0.01, false, register)),
                new Load("1 key, all", 25, new Workload(16, 100_000, 1, 0, 0.01, false, untold)),
                new Load(
                        "1 key, all, told", 5, new Workload(16, 100_000, 1, 0, 0.01, true, single)),
                new Load(
                        "1 key, 10 values",
                        40,
                        new Workload(8, 10_000, 1, 10, 0.01, false, untold)),
                new Load(
                        "20 keys, ranges, batches, told",
                        5,
                        new Workload(16, 10_000, 20, 0, 0.01, true, whole)),
                new Load(
                        "20 keys, ranges",
                        10,
                        new Workload(
                                6,
                                5_000,
                                20,
                                0,
                                0.01,
                                false,
                                List.of(Kind.GET, Kind.PUT, Kind.DELETE, Kind.RANGE))),
                new Load(
                        "20 keys, appends",
                        10,
                        new Workload(
                                16,
                                4_000,
                                20,
                                0,
                                0.01,
                                false,
                                List.of(Kind.GET, Kind.APPEND, Kind.APPEND, Kind.PUT))));
    }

    /** What this thread has used, so that others on the machine don't count. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @ParameterizedTest
    @MethodSource("loads")
    void stepsGrowWithOperations(Load load) {
        List<Invocation> history =
                SimulatedClients.run(load.workload(), new SplittableRandom(SEED));
        LinearizabilityChecker checker = new LinearizabilityChecker(Budget.DEFAULT);

        long start = processorNanos();
        Verdict verdict = checker.check(history);
        long cold = processorNanos() - start;
        start = processorNanos();
        checker.check(history);
        long warm = processorNanos() - start;

        System.out.printf(
                "%-32s %7d operations, %8d steps, %5d ms, again %5d ms%n",
                load, history.size(), checker.steps(), cold / 1_000_000, warm / 1_000_000);
        assertThat(verdict).as("seed %d", SEED).isEqualTo(new Verdict.Linearizable());
        assertThat(checker.steps()).isLessThan((long) load.stepsAnOperation() * history.size());
    }
}
