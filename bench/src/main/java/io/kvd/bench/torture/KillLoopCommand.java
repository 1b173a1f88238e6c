package io.kvd.bench.torture;

import io.kvd.bench.local.LocalCluster;
import io.kvd.bench.local.ServerJvm;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code kvbench kill-loop}: kill -9 under load, again and again. */
@Command(
        name = "kill-loop",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a cluster of real processes, lets clients write, kills processes with SIGKILL, starts them again,",
            "reads every key and compares the replicas. Ends at the first contradiction, with exit code 1."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvbench kill-loop --nodes 3 --rounds 100 --victims all",
            "  kvbench kill-loop --nodes 1 --rounds 100",
            "  kvbench kill-loop --nodes 3 --rounds 50 --victims leader --seed 7",
            "  kvbench kill-loop --nodes 3 --rounds 30 --victims leader --max-gap-ms 500"
        })
public final class KillLoopCommand implements Callable<Integer> {
    @Option(names = "--nodes", description = "Default ${DEFAULT-VALUE}.")
    private int nodes = 3;

    @Option(names = "--rounds", description = "Default ${DEFAULT-VALUE}.")
    private int rounds = 100;

    @Option(
            names = "--victims",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private KillLoop.Victims victims = KillLoop.Victims.ALL;

    @Option(
            names = "--seed",
            description = "Chooses moments and victims; default: a new one, printed.")
    private long seed = System.nanoTime();

    @Option(
            names = "--max-gap-ms",
            description = "Fails if no write is acknowledged for so long; default: however long.")
    private long maxGapMs = Long.MAX_VALUE;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        Path directory = Files.createTempDirectory("kill-loop-");
        out.printf(
                "kill-loop: %d nodes, %d rounds, victims %s, seed %d, data and output in %s%n",
                nodes, rounds, victims, seed, directory);
        try (LocalCluster cluster =
                new LocalCluster(nodes, directory, List.of(), ServerJvm.FAST_START)) {
            cluster.killAllAtExit();
            KillLoop.Report report = new KillLoop(cluster, victims, seed, out).run(rounds);
            report.contradictions().forEach(out::println);
            boolean passed = report.passed() && report.longestGapMs() <= maxGapMs;
            out.printf(
                    "longest time without an acknowledged write, ms by round: %s; of all: %d%n",
                    report.gapsMs(), report.longestGapMs());
            out.printf(
                    "%s: %d rounds, %d writes acknowledged, %d unknown, %d errors, %d contradictions%n",
                    passed ? "PASSED" : "FAILED",
                    report.rounds(),
                    report.acknowledged(),
                    report.unknown(),
                    report.errors(),
                    report.contradictions().size());
            return passed ? 0 : 1;
        }
    }
}
