package io.kvd.bench.runner;

import io.kvd.bench.workload.KeyChoice;
import io.kvd.bench.workload.Load;
import io.kvd.bench.workload.Step;
import io.kvd.bench.workload.Workload;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options that say what is run and for how long. */
final class RunOptions {
    @Option(
            names = "--workloads",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "get,put",
            description =
                    "Any of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. Those that only read are run first.")
    private List<Workload> workloads = List.of();

    @Option(
            names = "--in-flight",
            split = ",",
            paramLabel = "N",
            description =
                    "Closed loop: requests under way at any moment; default 64 if there is no --rate.")
    private List<Integer> inFlight = List.of();

    @Option(
            names = "--rate",
            split = ",",
            paramLabel = "N",
            description =
                    "Open loop: so many requests start every second; latency counts from when each was to start.")
    private List<Long> rates = List.of();

    @Option(
            names = "--distribution",
            paramLabel = "NAME",
            description =
                    "Which keys are chosen, of ${COMPLETION-CANDIDATES}; default uniform, and YCSB's own for its workloads.")
    private Optional<KeyChoice> distribution = Optional.empty();

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Keys that are loaded first; default ${DEFAULT-VALUE}.")
    private long keys = 100_000;

    @Option(
            names = "--value-bytes",
            paramLabel = "N",
            description = "Size of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 256;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "Turns of each target, the targets taking turns; default ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(
            names = "--warmup-seconds",
            paramLabel = "N",
            description =
                    "Load before each step that is not counted, for all targets alike; default ${DEFAULT-VALUE}.")
    private int warmupSeconds = 30;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Measured ones of each step; default ${DEFAULT-VALUE}.")
    private int iterations = 3;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Length of an iteration; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(names = "--seed", description = "Chooses keys and values; default: a new one, printed.")
    private long seed = System.nanoTime();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description =
                    "Where results.json, results.md and report.html go; default kvbench-DATE-TIME.")
    private Optional<Path> report = Optional.empty();

    /** @throws IllegalArgumentException with what is wrong */
    Plan plan() {
        if (keys < 1 || valueBytes < 1 || rounds < 1 || iterations < 1 || seconds < 1) {
            throw new IllegalArgumentException(
                    "keys, value-bytes, rounds, iterations and seconds are at least 1");
        }
        if (warmupSeconds < 0) {
            throw new IllegalArgumentException("warmup-seconds are at least 0");
        }
        List<Load> loads = new ArrayList<>();
        inFlight.forEach(callers -> loads.add(new Load.InFlight(callers)));
        rates.forEach(perSecond -> loads.add(new Load.Rate(perSecond)));
        if (loads.isEmpty()) {
            loads.add(new Load.InFlight(64));
        }
        List<Step> steps = new ArrayList<>();
        for (Workload workload : workloads) {
            for (Load load : loads) {
                steps.add(new Step(workload, distribution.orElse(workload.keyChoice()), load));
            }
        }
        // A peer reads fastest before anything was written since its start.
        steps.sort(Comparator.comparing(step -> step.workload().writes()));
        return new Plan(
                steps,
                new Plan.Data(keys, valueBytes),
                new Plan.Times(rounds, warmupSeconds, iterations, seconds),
                seed);
    }

    Path reportDirectory() {
        return report.orElseGet(() -> Path.of("kvbench-"
                + LocalDateTime.now(ZoneId.systemDefault())
                        .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT))));
    }
}
