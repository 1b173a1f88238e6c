package io.kvd.server.runtime;

import io.kvd.server.runtime.ScenarioFiles.Seeds;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code kvd simulate}: whole clusters of the production loops, under virtual time. */
@Command(
        name = "simulate",
        description = {
            "Plays scenarios on clusters of the production loops, in one thread and under virtual time, and prints what",
            "they cost: the worst of the seeds in each column, with its verdict. Exits with 0 only if every run passed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvd simulate --scenario conf/scenarios/crash-1.json",
            "  kvd simulate --scenario all --seeds 100"
        })
final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--scenario",
            required = true,
            paramLabel = "FILE",
            description = "A scenario, a directory of them, or all = conf/scenarios.")
    private String scenario = "";

    @Option(
            names = "--seeds",
            paramLabel = "COUNT",
            description = "How many seeds; default: the one that the scenario names.")
    private int seeds;

    @Option(
            names = "--start",
            paramLabel = "SEED",
            description = "The first of them; default ${DEFAULT-VALUE}.")
    private long start = 1;

    @Override
    public Integer call() {
        if (seeds < 0) {
            throw new CommandFailed(ExitCode.USAGE, "--seeds " + seeds, "below 0", "--seeds 100");
        }
        boolean passed = ScenarioFiles.named(scenario)
                .play(new Seeds(start, seeds), spec.commandLine().getOut());
        return (passed ? ExitCode.OK : ExitCode.ERROR).number();
    }
}
