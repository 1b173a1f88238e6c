package io.kvd.bench.scale;

import io.kvd.bench.local.TemporaryDirectory;
import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.server.storage.RocksDbSnapshots;
import io.kvd.server.storage.RocksDbStateStores;
import io.kvd.server.storage.StorageOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** {@code kvbench groups}: what many small states cost in one process. Linux only: it reads /proc. */
@Command(
        name = "groups",
        mixinStandardHelpOptions = true,
        description = {
            "Opens the state directories of many groups in this process, as a node would, and prints after each step the",
            "time it took, and the process's resident memory, open files and threads."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  kvbench groups", "  kvbench groups --groups 100 --idle 5"})
public final class GroupsCommand implements Callable<Integer> {
    private static final int MAX_FROZEN = 20;
    private static final Path PROCESS = Path.of("/proc/self");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--groups", description = "How many; default ${DEFAULT-VALUE}.")
    private int groupCount = 1_000;

    @Option(
            names = "--rows",
            description = "Of 100 bytes, in each batch to a group; default ${DEFAULT-VALUE}.")
    private int rows = 100;

    @Option(
            names = "--rounds",
            description = "Batches to each group in turn; default ${DEFAULT-VALUE}.")
    private int rounds = 10;

    @Option(names = "--memory", description = "MiB for all states; default ${DEFAULT-VALUE}.")
    private int memoryMib = 128;

    @Option(
            names = "--idle",
            description = "Seconds in which nothing is asked; default ${DEFAULT-VALUE}.")
    private int idleSeconds = 30;

    private final RandomGenerator random = new SplittableRandom(1);

    /** What is open. */
    private record Node(
            Path data, RocksDbStateStores states, RocksDbSnapshots snapshots, List<StateStore> open)
            implements AutoCloseable {
        static Node on(Path data, int memoryMib) {
            RocksDbStateStores states = new RocksDbStateStores(
                    data.resolve("state"), StorageOptions.ofMemory((long) memoryMib << 20));
            return new Node(data, states, new RocksDbSnapshots(data, states), new ArrayList<>());
        }

        void openTo(int groupCount) {
            for (int group = 1; group <= groupCount; group++) {
                StateStore store = states.open(group, 1);
                KvStateMachine.open(group, store, 0);
                open.add(store);
            }
        }

        @Override
        public void close() {
            states.close();
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    @Override
    public Integer call() throws Exception {
        print("# %d groups, %d MiB for all states", groupCount, memoryMib);
        try (TemporaryDirectory directory = TemporaryDirectory.create("kvbench-groups-")) {
            try (Node node = Node.on(directory.path(), memoryMib)) {
                measure("nothing open", () -> {});
                measure("made", () -> node.openTo(groupCount));
                measure("a batch written to each, and flushed", () -> {
                    writeOnce(node);
                    node.open.forEach(StateStore::flush);
                });
                measure("closed", node::close);
            }
            try (Node node = Node.on(directory.path(), memoryMib)) {
                measure("opened again", () -> node.openTo(groupCount));
                Duration before = cpu();
                measure("idle", () -> Thread.sleep(idleSeconds * 1_000L));
                print("RESULT idle: %d ms of CPU", cpu().minus(before).toMillis());
                measure("%d batches written to each in turn".formatted(rounds), () -> {
                    for (int round = 0; round < rounds; round++) {
                        writeOnce(node);
                    }
                });
                print("RESULT tables: %d", tablesIn(directory.path()));
                int frozen = Math.min(MAX_FROZEN, groupCount);
                measure("%d snapshots made".formatted(frozen), () -> {
                    for (int group = 1; group <= frozen; group++) {
                        node.snapshots.make(group, group, 1);
                    }
                });
            }
        }
        return 0;
    }

    private void writeOnce(Node node) {
        for (StateStore store : node.open) {
            StateBatch batch = new StateBatch();
            for (int i = 0; i < rows; i++) {
                byte[] value = new byte[90];
                random.nextBytes(value);
                Bytes key = new BytesWriter(9)
                        .putByte('z')
                        .putLong(random.nextLong())
                        .toBytes();
                batch.put(key, Bytes.of(value));
            }
            store.write(batch);
        }
    }

    private void measure(String what, Step step) throws Exception {
        long begin = System.nanoTime();
        step.run();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        print(
                "RESULT %s: %d ms (wall); resident %d MiB, %d files, %d threads",
                what, millis, status("VmRSS") / 1024, filesOpen(), status("Threads"));
    }

    private static long status(String name) throws IOException {
        for (String line : Files.readAllLines(PROCESS.resolve("status"))) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException("no " + name + " in /proc/self/status");
    }

    private static long filesOpen() throws IOException {
        try (Stream<Path> files = Files.list(PROCESS.resolve("fd"))) {
            return files.count();
        }
    }

    private static long tablesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".sst")).count();
        }
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private void print(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
