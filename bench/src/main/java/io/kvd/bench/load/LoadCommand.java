package io.kvd.bench.load;

import io.kvd.bench.local.LocalCluster;
import io.kvd.bench.local.ServerJvm;
import io.kvd.bench.local.TemporaryDirectory;
import io.kvd.bench.profile.FlightRecordings;
import io.kvd.client.CallOptions;
import io.kvd.client.KvdClient;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code kvbench load}: how many requests a cluster answers, and how fast. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Keeps a number of requests in flight and prints rate and latency of each iteration.",
            "With --local it runs a throw-away cluster of real processes for the purpose, with the",
            "JVM options of bin/kvd."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvbench load --local 3 --workload put --in-flight 64",
            "  kvbench load -e 127.0.0.1:7400 --workload mix --in-flight 512 --iterations 10",
            "  kvbench load --local 3 --profile put.jfr && kvbench hot put-n1.jfr"
        })
public final class LoadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-e", "--endpoints"},
            split = ",",
            defaultValue = "127.0.0.1:7400",
            description = "host:port of members; default ${DEFAULT-VALUE}.")
    private List<String> endpoints = List.of();

    @Option(
            names = "--local",
            paramLabel = "NODES",
            description =
                    "Start so many nodes on free loopback ports for this run, and remove them afterwards.")
    private int local;

    @Option(
            names = "--workload",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Workload.Kind workload = Workload.Kind.PUT;

    @Option(
            names = "--in-flight",
            description = "Requests under way at any moment; default ${DEFAULT-VALUE}.")
    private int inFlight = 64;

    @Option(names = "--keys", description = "Keys to choose from; default ${DEFAULT-VALUE}.")
    private int keys = 100_000;

    @Option(names = "--value-bytes", description = "Size of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 256;

    @Option(names = "--warmup-iterations", description = "Default ${DEFAULT-VALUE}.")
    private int warmups = 3;

    @Option(names = "--iterations", description = "Default ${DEFAULT-VALUE}.")
    private int iterations = 5;

    @Option(names = "--seconds", description = "Length of an iteration; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(
            names = "--profile",
            paramLabel = "FILE.jfr",
            description =
                    "Record what each local node does during the measured iterations: FILE-n1.jfr and so on.")
    private Optional<Path> profile = Optional.empty();

    @Override
    public Integer call() throws Exception {
        if (local == 0) {
            if (profile.isPresent()) {
                throw new ParameterException(
                        spec.commandLine(), "--profile needs --local: it records its own nodes");
            }
            return measure(endpoints, List.of());
        }
        ServerJvm jvm =
                profile.isPresent() ? ServerJvm.PRODUCTION.forProfiling() : ServerJvm.PRODUCTION;
        try (TemporaryDirectory directory = TemporaryDirectory.create("kvbench-");
                LocalCluster cluster = new LocalCluster(local, directory.path(), List.of(), jvm)) {
            cluster.killAllAtExit();
            cluster.startAll();
            return measure(
                    cluster.addresses(),
                    profile.map(file -> new FlightRecordings(cluster.nodes(), file)).stream()
                            .toList());
        }
    }

    /** @param recordings at most one, of the measured iterations */
    private int measure(List<String> addresses, List<FlightRecordings> recordings)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "# %s, %d in flight, values of %d bytes, %d keys, %s%n",
                workload, inFlight, valueBytes, keys, String.join(",", addresses));
        try (KvdClient client = KvdClient.builder()
                .endpoints(addresses)
                .options(CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(30)))
                .build()) {
            client.put("kvbench", "connected");
            ClosedLoop loop = new ClosedLoop(
                    client.async(),
                    new Workload(workload, keys, valueBytes, System.nanoTime()),
                    inFlight);
            for (int i = 1; i <= warmups; i++) {
                print(
                        out,
                        "# Warmup Iteration %2d: ".formatted(i),
                        loop.run(seconds * 1_000_000_000L));
            }
            for (FlightRecordings recording : recordings) {
                recording.start();
                // Switching the recorder on takes a server a moment, which is not to be measured.
                print(out, "# With recorder:       ", loop.run(seconds * 1_000_000_000L));
            }
            List<ClosedLoop.Iteration> measured = new ArrayList<>();
            for (int i = 1; i <= iterations; i++) {
                ClosedLoop.Iteration iteration = loop.run(seconds * 1_000_000_000L);
                print(out, "Iteration %2d: ".formatted(i), iteration);
                measured.add(iteration);
            }
            for (FlightRecordings recording : recordings) {
                out.printf("# recorded: %s%n", recording.stop());
            }
            return summarise(out, measured);
        }
    }

    private int summarise(PrintWriter out, List<ClosedLoop.Iteration> measured) {
        Histogram all = new Histogram(3);
        long errors = 0;
        List<Double> rates = new ArrayList<>();
        for (ClosedLoop.Iteration iteration : measured) {
            all.add(iteration.latencies());
            errors += iteration.errors();
            rates.add(iteration.opsPerSecond());
        }
        rates.sort(Comparator.naturalOrder());
        out.printf(
                Locale.ROOT,
                "%nRESULT %s inFlight=%d median=%.0f ops/s (%.0f-%.0f) %s errors=%d%n",
                workload,
                inFlight,
                rates.get(rates.size() / 2),
                rates.get(0),
                rates.get(rates.size() - 1),
                latencies(all),
                errors);
        out.flush();
        return errors == 0 ? 0 : 1;
    }

    private static void print(PrintWriter out, String name, ClosedLoop.Iteration iteration) {
        out.printf(
                Locale.ROOT,
                "%s%.0f ops/s %s errors=%d%n",
                name,
                iteration.opsPerSecond(),
                latencies(iteration.latencies()),
                iteration.errors());
        out.flush();
    }

    private static String latencies(Histogram nanos) {
        return String.format(
                Locale.ROOT,
                "p50=%.2f p99=%.2f p99.9=%.2f max=%.2f ms",
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getValueAtPercentile(99.9) / 1e6,
                nanos.getMaxValue() / 1e6);
    }
}
