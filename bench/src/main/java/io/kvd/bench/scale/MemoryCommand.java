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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kvbench memory}: what a node's memory is as its data outgrows it. Linux only: it reads /proc. */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = {
            "Fills one node that has a small heap, and prints at each size the heap in use after a full collection and the",
            "resident memory of the process; reads at random; then restarts the node and takes the time until it serves."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  kvbench memory", "  kvbench memory --keys 100000,1000000 --heap 128m"})
public final class MemoryCommand implements Callable<Integer> {
    private static final int MIB = 1 << 20;
    private static final int READS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--keys",
            split = ",",
            defaultValue = "1000000,10000000",
            description = "Sizes to measure at, growing; default ${DEFAULT-VALUE}.")
    private List<Long> keyCounts = List.of();

    @Option(names = "--value-bytes", description = "Size of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 100;

    @Option(names = "--heap", description = "-Xmx of the server; default ${DEFAULT-VALUE}.")
    private String heap = "256m";

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        ServerJvm jvm = ServerJvm.PRODUCTION.withHeap(heap);
        try (TemporaryDirectory directory = TemporaryDirectory.create("kvbench-memory-");
                LocalCluster cluster = new LocalCluster(1, directory.path(), List.of(), jvm)) {
            cluster.killAllAtExit();
            print(out, "# memory, values of %d bytes, -Xmx%s", valueBytes, heap);
            cluster.startAll();
            ServerProcess node = cluster.nodes().get(0);
            try (KvdClient client = connect(cluster)) {
                NumberedKeys keys = new NumberedKeys(valueBytes, 1);
                long filled = 0;
                for (long keyCount : keyCounts) {
                    keys.putAll(client.async(), filled, keyCount);
                    filled = keyCount;
                    readAtRandom(client, filled);
                    print(
                            out,
                            "RESULT %d keys: heap after a full collection %.1f MiB, resident %.1f MiB",
                            filled,
                            heapInUse(node) / (double) MIB,
                            resident(node) / (double) MIB);
                }
            }
            node.kill();
            long begin = System.nanoTime();
            cluster.startAll();
            try (KvdClient client = connect(cluster)) {
                client.get(NumberedKeys.key(0));
            }
            print(
                    out,
                    "RESULT served %d ms after a kill and a start (wall)",
                    (System.nanoTime() - begin) / 1_000_000);
            return 0;
        }
    }

    private static void readAtRandom(KvdClient client, long keyCount) {
        SplittableRandom random = new SplittableRandom(keyCount);
        for (int i = 0; i < READS; i++) {
            long number = random.nextLong(keyCount);
            if (client.get(NumberedKeys.key(number)).isEmpty()) {
                throw new IllegalStateException("key number " + number + " is missing");
            }
        }
    }

    private static KvdClient connect(LocalCluster cluster) {
        return KvdClient.builder()
                .endpoints(cluster.addresses())
                .options(CallOptions.DEFAULT.withTimeout(PATIENCE))
                .build();
    }

    // A histogram of live objects is made after a full collection, whatever the collector.
    private static long heapInUse(ServerProcess node) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(node.pid()),
                        "GC.class_histogram")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return number(TOTAL, histogram);
    }

    private static long resident(ServerProcess node) throws IOException {
        return number(RESIDENT, Files.readString(Path.of("/proc/" + node.pid() + "/status")))
                * 1024;
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("nothing like " + pattern + " in: " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    private static void print(PrintWriter out, String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
