package io.kvd.server.runtime;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.history.JsonHistory;
import io.kvd.simulator.judge.Judges.Strictness;
import io.kvd.simulator.plan.Plan;
import io.kvd.simulator.run.CrashEnumeration;
import io.kvd.simulator.run.FailureReport;
import io.kvd.simulator.run.Reduction;
import io.kvd.simulator.run.RunResult;
import io.kvd.simulator.run.Simulator;
import io.kvd.simulator.run.SpeedBenchmark;
import io.kvd.simulator.run.Totals;
import io.kvd.simulator.scenario.Links;
import io.kvd.simulator.world.StoreFactory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** {@code kvd simulate}: whole clusters in one thread, under faults and judges, from seeds. */
@Command(
        name = "simulate",
        description = {
            "Runs clusters of this very program, each in one thread, with simulated time, networks and disks that fail as a",
            "seed says, and judges every event. The same seed gives the same run, line by line; only lines that begin",
            "with 'wall' depend on this machine. Exits with 0 if all that was asked for passed, with 15 if not; from",
            Totals.LONG_RUN
                    + " seeds on also if a kind of fault, or what must happen sometimes, never came to pass.",
            "With --scenario: judged by messages, failures and second answers instead; see docs/scenarios.md."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvd simulate --seeds 1000",
            "  kvd simulate --seed 42 --trace",
            "  kvd simulate --seed 42 --shrink ./found",
            "  kvd simulate --minutes 30 --start 1000000 --real-stores",
            "  kvd simulate --scenario all --seeds 100",
            "  kvd simulate --crash-points all"
        })
final class SimulateCommand implements Callable<Integer> {
    private static final int MAX_JOBS = 1_000;
    private static final int SHRINK_MINUTES = 5;
    /** The results of one scenario are held until its row is made. */
    private static final long MAX_SCENARIO_SEEDS = 1_000_000;

    private static final long WARM_UP_SECONDS = 2_000;
    private static final long SPEED_SECONDS = 1_000;
    private static final int SPEED_ROUNDS = 5;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ArgGroup(multiplicity = "0..1")
    private What what = new What();

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description =
                    "Plays a scenario, a directory of them, or all = conf/scenarios; with its own seed unless told.")
    private String scenario = "";

    @Option(
            names = "--links",
            paramLabel = "LINKS",
            description =
                    "With --scenario: loopback = the public judge's on one machine, or lan = longer ones"
                            + " on which datagrams overtake each other. Default: ${DEFAULT-VALUE}.")
    private Links links = Links.LOOPBACK;

    @Option(
            names = "--processes",
            description =
                    "With --scenario: plays it in real time, with a process for each replica on this machine.")
    private boolean processes;

    /** What to run: one of these. */
    private static final class What {
        @Option(names = "--seeds", paramLabel = "COUNT", description = "Runs so many seeds.")
        private long seeds;

        @Option(names = "--seed", paramLabel = "SEED", description = "Runs this seed.")
        private long seed = Long.MIN_VALUE;

        @Option(
                names = "--minutes",
                paramLabel = "MINUTES",
                description = "Runs seeds for so many minutes of this machine's time.")
        private long minutes;

        @Option(
                names = "--crash-points",
                paramLabel = "SCENARIO",
                description =
                        "Kills each node of a scenario, or of all, wherever it has an effect, and again as it restarts.")
        private String crashPoints = "";

        @Option(
                names = "--speed",
                description =
                        "Measures how fast it simulates five nodes with 50 operations a second.")
        private boolean speed;
    }

    @Option(
            names = "--start",
            paramLabel = "SEED",
            description = "The first seed of many; default ${DEFAULT-VALUE}.")
    private long start = 1;

    @Option(
            names = "--jobs",
            paramLabel = "COUNT",
            description =
                    "Runs so many seeds side by side; default: as many as there are processors.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--trace", description = "With --seed: prints a line for each event.")
    private boolean trace;

    @Option(
            names = "--replay-twice",
            description = "Runs each seed in memory twice; two different runs are a failure.")
    private boolean replayTwice;

    @Option(
            names = "--shrink",
            paramLabel = "DIR",
            description = "Reduces the first failure, for at most " + SHRINK_MINUTES
                    + " minutes, and writes it as a test and as a diagram into this directory.")
    private @Nullable Path shrinkInto;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description =
                    "With --seed: writes what its clients did and saw, for kvd check-history and other judges.")
    private @Nullable Path historyFile;

    @Option(
            names = "--real-stores",
            arity = "0..1",
            fallbackValue = "1",
            paramLabel = "ONE_IN",
            description = {
                "Runs one in so many seeds, all of them unless told, on RocksDB instead of in memory; a seed that is",
                "given, and crash points, always. When RocksDB compacts is up to its threads: two runs may differ."
            })
    private int realStoresEvery;

    @Override
    public Integer call() {
        if (what.speed) {
            measureSpeed();
            return ExitCode.OK.number();
        }
        boolean passed = scenario.isEmpty() ? runClusters() : playScenarios();
        out().flush();
        return (passed ? ExitCode.OK : ExitCode.INVARIANT_BROKEN).number();
    }

    private boolean runClusters() {
        if (realStoresEvery < 0) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--real-stores=" + realStoresEvery,
                    "one in so many seeds is a number from 1 on",
                    "kvd simulate --seeds 100 --real-stores=5");
        }
        if (!what.crashPoints.isEmpty()) {
            return crash();
        }
        return what.seed == Long.MIN_VALUE ? runMany() : runOne();
    }

    private boolean crash() {
        StoreFactory stores =
                realStoresEvery > 0 ? nodeId -> new RocksDbNodeStores() : StoreFactory.IN_MEMORY;
        CrashEnumeration enumeration = new CrashEnumeration(
                new Simulator(seed -> stores, Strictness.ALL),
                CrashEnumeration.Extent.USUAL,
                line -> {
                    out().println(line);
                    out().flush();
                });
        long begunNanos = System.nanoTime();
        try {
            enumeration.run(what.crashPoints, eventTrace());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--crash-points " + what.crashPoints,
                    String.valueOf(e.getMessage()),
                    "kvd simulate --crash-points all");
        }
        enumeration.summary().forEach(out()::println);
        out().printf(
                        Locale.ROOT,
                        "wall               %.1f s%n",
                        (System.nanoTime() - begunNanos) / 1e9);
        return enumeration.failed().isEmpty();
    }

    private boolean playScenarios() {
        if (what.seeds < 0 || what.seeds > MAX_SCENARIO_SEEDS || what.minutes != 0) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--scenario with these seeds",
                    "it goes with --seed, or with --seeds up to " + MAX_SCENARIO_SEEDS,
                    "kvd simulate --scenario all --seeds 100");
        }
        if (trace || replayTwice || realStoresEvery > 0 || shrinkInto != null) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--scenario with --trace, --replay-twice, --real-stores or --shrink",
                    "these are for clusters from seeds",
                    "kvd simulate --seed 42 --trace");
        }
        boolean isOne = what.seed != Long.MIN_VALUE;
        ScenarioFiles.Seeds seeds = isOne
                ? new ScenarioFiles.Seeds(what.seed, 1)
                : new ScenarioFiles.Seeds(start, (int) what.seeds);
        ScenarioFiles.Player player =
                processes ? ScenarioFiles.processes() : ScenarioFiles.simulated(links);
        return ScenarioFiles.named(scenario).play(seeds, player, out());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private Simulator simulator() {
        return new Simulator(
                seed -> isOnRealStores(seed)
                        ? nodeId -> new RocksDbNodeStores()
                        : StoreFactory.IN_MEMORY,
                Strictness.ALL);
    }

    private boolean isOnRealStores(long seed) {
        return realStoresEvery > 0 && (what.seed == seed || seed % realStoresEvery == 0);
    }

    private boolean runMany() {
        boolean hasWork = what.seeds > 0 || what.minutes > 0;
        if (!hasWork || jobs < 1 || jobs > MAX_JOBS) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "nothing to run",
                    "--seeds and --minutes take a number above 0, --jobs 1 to " + MAX_JOBS,
                    "kvd simulate --seeds 100");
        }
        Simulator simulator = simulator();
        Totals totals = new Totals();
        long begunNanos = System.nanoTime();
        long endNanos = begunNanos + TimeUnit.MINUTES.toNanos(what.minutes);
        long toldNanos = begunNanos;
        long count = what.minutes > 0 ? Long.MAX_VALUE : what.seeds;
        try (SeedWorkers<Trial> workers =
                new SeedWorkers<>(jobs, start, count, seed -> tryOut(seed, simulator))) {
            while (workers.hasNext() && (what.minutes == 0 || System.nanoTime() < endNanos)) {
                add(workers.next(), totals, simulator);
                if (System.nanoTime() - toldNanos > PROGRESS_NANOS) {
                    toldNanos = System.nanoTime();
                    spec.commandLine().getErr().println("wall  " + totals.progress());
                    spec.commandLine().getErr().flush();
                    out().flush();
                }
            }
        }
        totals.summary().forEach(out()::println);
        totals.blindSpots().forEach(blind -> out().println("FAILED             " + blind));
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        out().printf(
                        Locale.ROOT,
                        "wall               %.1f s with %d jobs: %.0f times as fast as the simulated clusters, %.0f events a second%n",
                        seconds,
                        jobs,
                        totals.simulatedNanos() / 1e9 / seconds,
                        totals.events() / seconds);
        return totals.failedSeeds().isEmpty() && totals.blindSpots().isEmpty();
    }

    /**
     * What came of one seed.
     *
     * @param repeats false if a second run was another one
     */
    private record Trial(RunResult result, boolean repeats) {}

    private Trial tryOut(long seed, Simulator simulator) {
        RunResult result = simulator.run(seed, EventTrace.unread());
        boolean repeats = !replayTwice
                || isOnRealStores(seed)
                || simulator.run(seed, EventTrace.unread()).traceHash() == result.traceHash();
        return new Trial(result, repeats);
    }

    private void add(Trial trial, Totals totals, Simulator simulator) {
        RunResult result = trial.result();
        totals.add(result);
        if (!trial.repeats()) {
            totals.failed(result.seed());
            out().printf("FAILED seed %d%n  what       two runs of it differ%n", result.seed());
        }
        if (!result.passed()) {
            tell(result, simulator);
        }
    }

    private void tell(RunResult failed, Simulator simulator) {
        FailureReport.of(failed, simulator, replay(failed.seed())).forEach(out()::println);
        Path directory = shrinkInto;
        if (directory != null) {
            shrinkInto = null;
            out().flush();
            shrink(failed, simulator, directory);
        }
    }

    private void shrink(RunResult failed, Simulator simulator, Path directory) {
        long endNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(SHRINK_MINUTES);
        Reduction reduction = Reduction.of(failed, simulator, () -> System.nanoTime() < endNanos);
        reduction.summary().forEach(out()::println);
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, String> file : reduction.files().entrySet()) {
                Path path = directory.resolve(file.getKey());
                Files.writeString(path, file.getValue());
                out().println("  written    " + path);
            }
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.ERROR,
                    "can't write into " + directory,
                    String.valueOf(e.getMessage()),
                    "another directory with --shrink");
        }
    }

    private String replay(long seed) {
        return "kvd simulate --seed "
                + seed
                + (isOnRealStores(seed) ? " --real-stores" : "")
                + " --trace";
    }

    private boolean runOne() {
        Simulator simulator = simulator();
        Plan plan = Plan.of(what.seed);
        out().println("program    kvd " + VersionCommand.version());
        out().println("seed       " + what.seed);
        out().println("knobs      " + plan.knobs());
        for (Fault fault : plan.faults()) {
            out().println("fault      " + fault);
        }
        RunResult result = simulator.run(plan, eventTrace());
        Path file = historyFile;
        if (file != null) {
            writeHistory(result, file);
        }
        boolean repeats = !replayTwice
                || isOnRealStores(what.seed)
                || simulator.run(plan, EventTrace.unread()).traceHash() == result.traceHash();
        Totals totals = new Totals();
        totals.add(result);
        if (!result.passed()) {
            tell(result, simulator);
        }
        totals.summary().forEach(out()::println);
        out().printf(
                        "trace hash         %016x after %d events%n",
                        result.traceHash(), result.eventCount());
        if (!repeats) {
            out().println("FAILED             two runs of the seed differ");
        }
        return result.passed() && repeats;
    }

    private static void writeHistory(RunResult result, Path file) {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            JsonHistory.write(result.judged().history(), writer);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.ERROR,
                    "can't write " + file,
                    String.valueOf(e.getMessage()),
                    "another file with --history");
        }
    }

    private EventTrace eventTrace() {
        EventTrace.Reader reader = new EventTrace.Reader() {
            @Override
            public void line(String line) {
                out().println(line);
            }

            @Override
            public void checkpoint(long eventCount, long hash) {
                out().printf("hash       %016x after %d events%n", hash, eventCount);
            }
        };
        return trace ? new EventTrace(reader, EventTrace.Detail.LINES) : EventTrace.unread();
    }

    // The compiler is done with most of it after the warm-up; rounds in turn, since a machine has
    // better and worse
    // moments.
    private void measureSpeed() {
        for (Strictness strictness : Strictness.values()) {
            SpeedBenchmark.run(WARM_UP_SECONDS, strictness);
        }
        Map<Strictness, double[]> speeds = new EnumMap<>(Strictness.class);
        for (int round = 0; round < SPEED_ROUNDS; round++) {
            for (Strictness strictness : Strictness.values()) {
                long begunNanos = System.nanoTime();
                RunResult result = SpeedBenchmark.run(SPEED_SECONDS, strictness);
                double seconds = (System.nanoTime() - begunNanos) / 1e9;
                speeds.computeIfAbsent(strictness, s -> new double[SPEED_ROUNDS])[round] =
                        result.simulatedNanos() / 1e9 / seconds;
                if (round == 0) {
                    tellWorkload(strictness, result);
                }
            }
        }
        speeds.forEach(this::tellSpeed);
        out().flush();
    }

    private void tellWorkload(Strictness strictness, RunResult result) {
        out().printf(
                        Locale.ROOT,
                        "speed %-6s       %d s simulated, %d events, %d operations, %d invariants%n",
                        strictness.name().toLowerCase(Locale.ROOT),
                        result.simulatedNanos() / TimeUnit.SECONDS.toNanos(1),
                        result.eventCount(),
                        result.operations().served(),
                        result.judged().invariants());
    }

    private void tellSpeed(Strictness strictness, double[] speeds) {
        Arrays.sort(speeds);
        out().printf(
                        Locale.ROOT,
                        "wall %-6s        %.0f simulated seconds a second: median of %d rounds from %.0f to %.0f%n",
                        strictness.name().toLowerCase(Locale.ROOT),
                        speeds[SPEED_ROUNDS / 2],
                        SPEED_ROUNDS,
                        speeds[0],
                        speeds[SPEED_ROUNDS - 1]);
    }
}
