package io.kvd.bench.scale;

import io.kvd.bench.local.LocalCluster;
import io.kvd.bench.local.ServerJvm;
import io.kvd.bench.local.ServerProcess;
import io.kvd.bench.local.TemporaryDirectory;
import io.kvd.client.CallOptions;
import io.kvd.client.KvdClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** {@code kvbench restart}: the time from start to the first linearizable read, after kill -9 under load, by size. */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = {
            "Fills one node for each number of keys. Then, in turn: writes for a random time, kills the node with SIGKILL,",
            "starts it again and takes the time until it answers a linearizable read. Prints the medians and their ratio."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  kvbench restart", "  kvbench restart --keys 10000,10000000 --rounds 9 --seed 1"
        })
public final class RestartCommand implements Callable<Integer> {
    private static final int MIN_LOAD_MS = 100;
    private static final int MAX_LOAD_MS = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--keys",
            split = ",",
            defaultValue = "10000,2000000",
            description = "Numbers of keys to compare; default ${DEFAULT-VALUE}.")
    private List<Long> keyCounts = List.of();

    @Option(names = "--value-bytes", description = "Size of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 256;

    @Option(names = "--rounds", description = "Kills of each node; default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--seed", description = "Chooses the moments; default: a new one, printed.")
    private long seed = System.nanoTime();

    /** One node with so many keys, and the times it took to serve, in milliseconds. */
    private record Candidate(
            long keyCount, LocalCluster cluster, NumberedKeys keys, List<Long> millis) {
        ServerProcess node() {
            return cluster.nodes().get(0);
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("# restart, values of %d bytes, %d rounds, seed %d%n", valueBytes, rounds, seed);
        List<Candidate> candidates = new ArrayList<>();
        try (TemporaryDirectory directory = TemporaryDirectory.create("kvbench-restart-")) {
            try {
                for (long keyCount : keyCounts) {
                    candidates.add(fill(keyCount, directory.path(), out));
                }
                killAndRestartInTurn(candidates, out);
            } finally {
                candidates.forEach(candidate -> candidate.cluster.close());
            }
        }
        summarise(candidates, out);
        return 0;
    }

    private void killAndRestartInTurn(List<Candidate> candidates, PrintWriter out)
            throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 1; round <= rounds; round++) {
            for (Candidate candidate : candidates) {
                long loadMillis = random.nextInt(MIN_LOAD_MS, MAX_LOAD_MS);
                long millis = killAndRestart(candidate, loadMillis);
                candidate.millis.add(millis);
                print(
                        out,
                        "round %d: %d keys, killed after %d ms of load, served after %d ms (wall)",
                        round,
                        candidate.keyCount,
                        loadMillis,
                        millis);
            }
        }
    }

    private static void summarise(List<Candidate> candidates, PrintWriter out) {
        candidates.forEach(candidate -> print(
                out,
                "RESULT %d keys: median %d ms, all %s",
                candidate.keyCount,
                median(candidate),
                candidate.millis));
        long first = median(candidates.get(0));
        long last = median(candidates.get(candidates.size() - 1));
        print(out, "RESULT ratio of the last to the first: %.2f", last / (double) first);
    }

    private Candidate fill(long keyCount, Path directory, PrintWriter out) throws Exception {
        Path home = Files.createDirectory(directory.resolve(keyCount + "-keys"));
        LocalCluster cluster = new LocalCluster(1, home, List.of(), ServerJvm.PRODUCTION);
        cluster.killAllAtExit();
        cluster.startAll();
        NumberedKeys keys = new NumberedKeys(valueBytes, seed);
        long begin = System.nanoTime();
        try (KvdClient client = connect(cluster)) {
            keys.putAll(client.async(), 0, keyCount);
        }
        print(
                out,
                "filled with %d keys in %d s (wall)",
                keyCount,
                (System.nanoTime() - begin) / 1_000_000_000);
        return new Candidate(keyCount, cluster, keys, new ArrayList<>());
    }

    // The load is still being answered when the process dies: its end is cut off by the kill, its
    // errors are expected.
    private long killAndRestart(Candidate candidate, long loadMillis) throws InterruptedException {
        Thread load = new Thread(() -> load(candidate), "load");
        load.start();
        Thread.sleep(loadMillis);
        candidate.node().kill();
        load.interrupt();
        load.join();
        long begin = System.nanoTime();
        candidate.cluster.startAll();
        awaitListening(candidate);
        try (KvdClient client = connect(candidate.cluster)) {
            client.get(NumberedKeys.key(0).toUtf8());
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static void load(Candidate candidate) {
        try (KvdClient client = connect(candidate.cluster)) {
            candidate.keys.putRandom(client.async(), candidate.keyCount, PATIENCE.toNanos());
        } catch (InterruptedException killed) {
            Thread.currentThread().interrupt();
        }
    }

    private static KvdClient connect(LocalCluster cluster) {
        return KvdClient.builder()
                .endpoints(cluster.addresses())
                .options(CallOptions.DEFAULT.withTimeout(PATIENCE))
                .build();
    }

    // The port listens before the state is open. A client that found it closed would back off; this
    // one comes in time.
    private static void awaitListening(Candidate candidate) throws InterruptedException {
        String address = candidate.node().address();
        int colon = address.lastIndexOf(':');
        InetSocketAddress socketAddress = new InetSocketAddress(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < PATIENCE.toNanos()) {
            try (Socket socket = new Socket()) {
                socket.connect(socketAddress);
                return;
            } catch (IOException notYet) {
                Thread.sleep(2);
            }
        }
        throw new IllegalStateException(
                "the node does not listen; its output: " + candidate.node().output());
    }

    private static long median(Candidate candidate) {
        List<Long> sorted = candidate.millis.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static void print(PrintWriter out, String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
