package io.kvd.server.runtime;

import io.kvd.server.runtime.config.HostPort;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The processes of {@code kvd demo}, each with a file of its own that also starts it again by hand. */
final class DemoCluster implements AutoCloseable {
    private static final int MAX_START_S = 60;
    private static final int POLL_MS = 50;
    private static final int CONNECT_MS = 500;

    private final List<DemoNode> nodes;

    private DemoCluster(List<DemoNode> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /**
     * Starts one process per address.
     *
     * @param directory takes configurations and data
     * @param out takes the lines of the nodes, after their names
     */
    static DemoCluster start(Path directory, List<HostPort> addresses, PrintWriter out) {
        List<DemoNode> started = new ArrayList<>();
        try {
            for (int i = 0; i < addresses.size(); i++) {
                Path file = directory.resolve(name(i) + ".conf");
                Files.writeString(file, configuration(i, directory, addresses));
                started.add(DemoNode.start(name(i), addresses.get(i), file, out));
            }
        } catch (IOException e) {
            started.forEach(DemoNode::close);
            throw new UncheckedIOException("starting the nodes of a demo", e);
        }
        return new DemoCluster(started);
    }

    List<DemoNode> nodes() {
        return nodes;
    }

    /**
     * Returns when all nodes accept connections: true; or when {@code stop} came first: false.
     *
     * @throws CommandFailed if a node ended, or it takes too long
     */
    boolean awaitServing(CountDownLatch stop) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_START_S);
        for (DemoNode node : nodes) {
            while (!accepts(node.address())) {
                if (stop.await(POLL_MS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
                if (!node.isAlive() || System.nanoTime() > deadline) {
                    throw new CommandFailed(
                            ExitCode.ERROR,
                            node.name() + " does not serve",
                            node.isAlive()
                                    ? "it is not ready after " + MAX_START_S + " s"
                                    : "it ended",
                            "its lines above say why");
                }
            }
        }
        return true;
    }

    /** Stops all at once, and returns when all have ended. */
    @Override
    public void close() {
        nodes.forEach(DemoNode::requestStop);
        nodes.forEach(DemoNode::close);
    }

    private static boolean accepts(HostPort address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String configuration(int index, Path directory, List<HostPort> addresses) {
        List<String> peers = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            peers.add("\"" + name(i) + "=" + addresses.get(i) + "\"");
        }
        return """
                node.name = %1$s
                node.data-dir = "%2$s/%1$s"
                cluster.name = demo
                cluster.peers = [%3$s]
                """.formatted(
                        name(index), directory, peers.stream().collect(Collectors.joining(", ")));
    }

    private static String name(int index) {
        return "n" + (index + 1);
    }
}
