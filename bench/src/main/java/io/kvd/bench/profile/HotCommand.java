package io.kvd.bench.profile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code kvbench hot}: where the time of a recorded server went. */
@Command(
        name = "hot",
        mixinStandardHelpOptions = true,
        description = {
            "Says of a flight recording how much processor time each group of threads took,",
            "and which methods were seen most often in some of them."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvbench local --workloads put --profile put.jfr && kvbench hot put-n1.jfr",
            "  kvbench hot put-n1.jfr --threads apply --top 30"
        })
public final class HotCommand implements Callable<Integer> {
    private static final double SHOWN_CORES = 0.005;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE.jfr", description = "Made by kvbench local --profile.")
    private Path recording = Path.of("");

    @Option(
            names = "--threads",
            split = ",",
            defaultValue = "raft,apply,net",
            description = "Groups to look into; default ${DEFAULT-VALUE}.")
    private List<String> threads = List.of();

    @Option(names = "--top", description = "Methods a group; default ${DEFAULT-VALUE}.")
    private int top = 15;

    @Override
    public Integer call() throws IOException {
        HotSpots spots = HotSpots.read(recording);
        PrintWriter out = spec.commandLine().getOut();
        printThreads(out, spots);
        for (String name : threads) {
            ThreadProfile group = spots.groups().getOrDefault(name, new ThreadProfile());
            print(out, name + ", running in", group, ThreadProfile.Kind.JAVA);
            print(out, name + ", in native code of", group, ThreadProfile.Kind.NATIVE);
        }
        out.flush();
        return 0;
    }

    private static void printThreads(PrintWriter out, HotSpots spots) {
        out.printf(
                Locale.ROOT,
                "processors %d; busy on the machine %.2f, of which this process %.2f:%n%n",
                spots.processors(),
                spots.machineCores(),
                spots.processCores());
        out.printf("%-28s %9s %13s %15s%n", "threads", "busy", "Java samples", "native samples");
        Comparator<Map.Entry<String, ThreadProfile>> busiest =
                Comparator.comparingDouble(group -> -group.getValue().load());
        double shown = 0;
        for (Map.Entry<String, ThreadProfile> group :
                spots.groups().entrySet().stream().sorted(busiest).toList()) {
            double cores = spots.cores(group.getValue());
            if (cores >= SHOWN_CORES) {
                shown += cores;
                out.printf(
                        Locale.ROOT,
                        "%-28s %9.2f %13d %15d%n",
                        group.getKey(),
                        cores,
                        group.getValue().count(ThreadProfile.Kind.JAVA),
                        group.getValue().count(ThreadProfile.Kind.NATIVE));
            }
        }
        out.printf(
                Locale.ROOT,
                "%-28s %9.2f%n",
                "RocksDB, GC, compiler, rest",
                Math.max(0, spots.processCores() - shown));
    }

    private void print(
            PrintWriter out, String title, ThreadProfile group, ThreadProfile.Kind kind) {
        int all = group.count(kind);
        if (all == 0) {
            return;
        }
        out.printf("%n%s (%d samples):%n", title, all);
        group.top(kind, top).forEach(count -> print(out, count, all));
        out.printf("  called by, of our own:%n");
        group.own(kind, top).forEach(count -> print(out, count, all));
    }

    private static void print(PrintWriter out, ThreadProfile.Count count, int all) {
        out.printf(Locale.ROOT, "%7.1f %%  %s%n", 100.0 * count.samples() / all, count.method());
    }
}
