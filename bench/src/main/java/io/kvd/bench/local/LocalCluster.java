package io.kvd.bench.local;

import io.kvd.client.KvdClient;
import io.kvd.client.KvdException;
import io.kvd.protocol.StatusResult;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A cluster of real processes on loopback, its data in one directory. Stops what it started, by pid. */
public final class LocalCluster implements AutoCloseable {
    private static final long PATIENCE_MS = 60_000;
    private static final long POLL_MS = 20;

    private final List<ServerProcess> nodes = new ArrayList<>();
    private final Path directory;

    /** Lays the configuration out; nothing runs yet. */
    public LocalCluster(int nodeCount, Path directory, List<String> settings, ServerJvm jvm) {
        this.directory = directory;
        List<Integer> ports = FreePorts.choose(nodeCount);
        StringBuilder peers = new StringBuilder();
        for (int i = 0; i < nodeCount; i++) {
            peers.append("  \"n%d=127.0.0.1:%d\"%n".formatted(i + 1, ports.get(i)));
        }
        for (int i = 0; i < nodeCount; i++) {
            String name = "n" + (i + 1);
            String address = "127.0.0.1:" + ports.get(i);
            Path config = directory.resolve(name + ".conf");
            write(
                    config,
                    "node.name = %s%nnode.data-dir = \"%s\"%nlisten.address = \"%s\"%nlisten.admin = none%ncluster.peers = [%n%s]%n%s%n"
                            .formatted(
                                    name,
                                    dataDir(name),
                                    address,
                                    peers,
                                    String.join("\n", settings)));
            nodes.add(new ServerProcess(
                    name,
                    address,
                    jvm.kvd(List.of("start", "--config", config.toString())),
                    directory.resolve(name + ".out")));
        }
    }

    /** Whatever ends this process, it leaves no servers behind. */
    public void killAllAtExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::killAll, "kill-servers"));
    }

    public List<ServerProcess> nodes() {
        return List.copyOf(nodes);
    }

    public List<String> addresses() {
        return nodes.stream().map(ServerProcess::address).toList();
    }

    public Path dataDir(String name) {
        return directory.resolve(name);
    }

    public void startAll() {
        nodes.stream().filter(node -> !node.isRunning()).forEach(ServerProcess::start);
    }

    /** kill -9 of all, as close to the same moment as one thread can. */
    public void killAll() {
        nodes.forEach(ServerProcess::kill);
    }

    /** The node that says it leads; waits for one. */
    public ServerProcess awaitLeader(KvdClient client) {
        List<ServerProcess> found = new ArrayList<>();
        await("a leader", () -> {
            nodes.stream()
                    .filter(node -> status(client, node)
                            .map(s -> s.getRole().equals("leader"))
                            .orElse(false))
                    .findFirst()
                    .ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** Waits until all nodes applied the same index, and returns each one's state hash in hexadecimal. */
    public List<String> awaitEqualApplied(KvdClient client) {
        List<String> hashes = new ArrayList<>();
        await("equal applied indexes", () -> {
            List<StatusResult> statuses = new ArrayList<>();
            nodes.forEach(node -> status(client, node).ifPresent(statuses::add));
            hashes.clear();
            statuses.forEach(s -> hashes.add(
                    java.util.HexFormat.of().formatHex(s.getStateHash().toByteArray())));
            return statuses.size() == nodes.size()
                    && statuses.stream()
                                    .mapToLong(StatusResult::getAppliedIndex)
                                    .distinct()
                                    .count()
                            == 1;
        });
        return hashes;
    }

    /** The node's own view; empty if it does not answer. */
    public static Optional<StatusResult> status(KvdClient client, ServerProcess node) {
        try {
            return Optional.of(client.status(node.address()));
        } catch (KvdException unreachable) {
            return Optional.empty();
        }
    }

    /** Polls until the condition holds; says what did not come after a minute, with the nodes' last lines. */
    public void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                StringBuilder outputs = new StringBuilder();
                nodes.forEach(node -> outputs.append("\n--- ")
                        .append(node.name())
                        .append('\n')
                        .append(node.output()));
                throw new AssertionError("no " + what + " within " + PATIENCE_MS + " ms" + outputs);
            }
            pause();
        }
    }

    @Override
    public void close() {
        killAll();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }
}
