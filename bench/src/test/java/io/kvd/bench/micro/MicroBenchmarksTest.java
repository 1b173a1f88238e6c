package io.kvd.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.Collection;
import java.util.stream.Stream;

/** Every benchmark runs, for a moment, with every value of its parameters; what it measures here means nothing. */
class MicroBenchmarksTest {
    private static final String KEYS = "600";

    @BeforeAll
    static void allowOthersToMeasureMeanwhile() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void applyRunsWithEveryOperation() throws RunnerException {
        String[] operations = names(ApplyBenchmark.Operation.values());

        Collection<RunResult> results =
                run(ApplyBenchmark.class, new OptionsBuilder().param("operation", operations));

        assertThat(results).hasSize(operations.length * 3);
    }

    @Test
    void rowLayoutsRunWithEveryLookup() throws RunnerException {
        String[] layouts = names(RowLayoutBenchmark.Layout.values());
        String[] lookups = names(RowLayoutBenchmark.Lookup.values());

        Collection<RunResult> results = run(
                RowLayoutBenchmark.class,
                new OptionsBuilder().param("layout", layouts).param("oldRows", lookups));

        assertThat(results).hasSize(layouts.length * lookups.length * 3);
    }

    @Test
    void meteringRunsWithEveryBatch() throws RunnerException {
        assertThat(run(MeteringBenchmark.class, new OptionsBuilder())).hasSize(3);
    }

    @Test
    void codecsRunWithEveryBatch() throws RunnerException {
        assertThat(run(ClientCodecBenchmark.class, new OptionsBuilder())).hasSize(4);
        assertThat(run(PeerCodecBenchmark.class, new OptionsBuilder())).hasSize(2 * 3 + 2);
    }

    @Test
    void raftStepsRunWithEveryBatch() throws RunnerException {
        assertThat(run(RaftStepBenchmark.class, new OptionsBuilder())).hasSize(2 * 3);
    }

    @Test
    void logWritesRunWithEveryWriter() throws RunnerException {
        String[] writers = names(LogWriteBenchmark.Writer.values());
        String[] disks = Stream.of(LogWriteBenchmark.Disk.values())
                .filter(LogWriteBenchmark.Disk::isThere)
                .map(Enum::name)
                .toArray(String[]::new);

        Collection<RunResult> results = run(
                LogWriteBenchmark.class,
                new OptionsBuilder()
                        .param("writer", writers)
                        .param("disk", disks)
                        .param("entries", "1", "1024"));

        assertThat(results).hasSize(writers.length * disks.length * 2);
    }

    @Test
    void stateReadsRunWithEveryBatch() throws RunnerException {
        assertThat(run(StateReadBenchmark.class, new OptionsBuilder())).hasSize(3 + 2);
    }

    @Test
    void judgeRunsWithOneKeyAndMany() throws RunnerException {
        Collection<RunResult> results =
                run(CheckerBenchmark.class, new OptionsBuilder().param("operations", "1000"));

        assertThat(results).hasSize(2);
    }

    private static Collection<RunResult> run(Class<?> benchmark, ChainedOptionsBuilder parameters)
            throws RunnerException {
        Collection<RunResult> results = new Runner(parameters
                        .include(benchmark.getName())
                        .param("keyCount", KEYS)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1))
                        .addProfiler(CostProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        assertThat(results).allSatisfy(result -> {
            assertThat(result.getPrimaryResult().getScore()).isPositive();
            assertThat(result.getSecondaryResults())
                    .containsKey("cpu.process")
                    .hasEntrySatisfying(
                            "cpu.worker", cpu -> assertThat(cpu.getScore()).isPositive());
        });
        return results;
    }

    private static String[] names(Enum<?>[] values) {
        return Stream.of(values).map(Enum::name).toArray(String[]::new);
    }
}
