package io.kvd.bench.micro;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code kvbench jmh}: the micro-benchmarks. Everything on the line goes to JMH, whose options are its own. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the micro-benchmarks whose names match, in JVMs of their own.",
            "Prints time per operation, and the processor time and disk writes it took.",
            "All of them take about a quarter of an hour on a quiet machine."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvbench jmh                               all",
            "  kvbench jmh RowLayout -p batch=64         one class, one value of a parameter",
            "  kvbench jmh Apply -f 3 -rf json           three forks, to jmh-result.json",
            "  kvbench jmh -- -lp                        what there is, with parameters",
            "  kvbench jmh -- -h                         all options of JMH"
        })
public final class JmhCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JMH", description = "[regex...] and options of JMH.")
    private List<String> arguments = List.of();

    /** JMH ends the process itself if it can't run what it was told to. */
    @Override
    public Integer call() throws IOException {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("-prof", CostProfiler.class.getName()));
        org.openjdk.jmh.Main.main(all.toArray(String[]::new));
        return 0;
    }
}
