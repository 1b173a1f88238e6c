package io.kvd.cli;

import io.kvd.client.io.Interruption;
import io.kvd.core.base.Bytes;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** {@code kvctl check perf}: whether disk, network and machines are fit for a load. */
final class CheckCommand implements Command {
    static final String NAME = "check";

    private static final String PERF = "perf";
    private static final String LOAD = "--load";
    private static final String PREFIX = "--prefix";
    /** For the requests under way to end, and the keys to be deleted. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Function<String, PerfLoad> loads;
    private final PerfLimits limits;

    CheckCommand() {
        this(PerfLoad::of, PerfLimits.STANDARD);
    }

    /** @param loads by the name that is typed */
    CheckCommand(Function<String, PerfLoad> loads, PerfLimits limits) {
        this.loads = loads;
        this.limits = limits;
    }

    @Override
    public Usage usage() {
        return new Usage(NAME, "Check whether the cluster's disks, network and machines are fit.")
                .description(
                        "perf puts as many values of 256 bytes a second as --load says, then gets as many, and measures"
                                + " each request from the time at which it was to start: s is 500 a second for 20 s, m"
                                + " 5,000 for 20 s, l 20,000 for 60 s. It takes twice that time, and from a cluster in use"
                                + " what it needs for that. Every line is PASS or FAIL; for each FAIL a sentence says what"
                                + " to do. FSYNC is the node's own figure of the last minute. The keys are deleted"
                                + " afterwards, also after Ctrl-C. The exit code is 9 if a line is FAIL.")
                .parameter("CHECK", "What to check: perf.", Usage.Need.REQUIRED)
                .option(Usage.Option.value("LOAD", "s (default), m or l.", LOAD))
                .option(Usage.Option.value(
                        "PREFIX",
                        "What all keys begin with. It is refused if other keys do. Default: "
                                + PerfKeys.DEFAULT_PREFIX + ".",
                        PREFIX))
                .examples(
                        "kvctl check perf",
                        "kvctl -e n1:7400 check perf --load m",
                        "kvctl check perf --load l --prefix tmp/perf/ -o json");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Arguments arguments = invocation.arguments();
        if (!arguments.parameter(0).equals(PERF)) {
            throw Failure.usage("no such check: " + arguments.parameter(0), "kvctl check perf");
        }
        PerfLoad load = loads.apply(arguments.has(LOAD) ? arguments.option(LOAD) : "s");
        Bytes prefix = arguments.has(PREFIX)
                ? invocation.settings().encoding().decode(arguments.option(PREFIX))
                : Bytes.utf8(PerfKeys.DEFAULT_PREFIX);
        if (prefix.isEmpty()) {
            throw Failure.usage(PREFIX + ": has at least one byte");
        }
        Console console = invocation.console();
        try (Interruption interruption = Interruption.listen(PATIENCE)) {
            Optional<PerfCheck.Measurement> measurement =
                    new PerfCheck(invocation, load, prefix, interruption::isRequested).run();
            if (measurement.isEmpty()) {
                console.printError("kvctl: interrupted\n");
                return ExitCode.ERROR;
            }
            PerfReport report = new PerfReport(load, limits, measurement.get());
            console.print(
                    invocation.isJson()
                            ? report.json() + "\n"
                            : report.text(invocation.settings().colour()));
            // Nothing holds the end of the process up any more, once this is left.
            console.flush();
            return report.isFit() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }
}
