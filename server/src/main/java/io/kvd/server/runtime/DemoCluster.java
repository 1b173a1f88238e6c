package io.kvd.server.runtime;

import io.kvd.server.runtime.config.HostPort;

import picocli.CommandLine.Help.Ansi;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
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

    private final PrintWriter out;
    private final List<DemoNode> nodes = new ArrayList<>();

    /** Counted down when a node has said that it leads. */
    private final CountDownLatch leaderIsKnown = new CountDownLatch(1);

    /**
     * Without processes yet.
     *
     * @param out takes the lines of the nodes, after their names
     */
    DemoCluster(PrintWriter out) {
        this.out = out;
    }

    /**
     * Starts one process per address.
     *
     * @param directory takes configurations and data
     */
    void start(Path directory, List<HostPort> addresses) {
        try {
            for (int i = 0; i < addresses.size(); i++) {
                String name = name(i);
                Path file = directory.resolve(name + ".conf");
                Files.writeString(file, configuration(i, directory, addresses));
                nodes.add(DemoNode.start(name, addresses.get(i), file, line -> passOn(name, line)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("starting the nodes of a demo", e);
        }
    }

    List<DemoNode> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * Waits for a leader, so that what a user types next works.
     *
     * @return whether there is one; if not, {@code stop} came first
     * @throws CommandFailed if a node ended, or it takes too long
     */
    boolean awaitLeader(CountDownLatch stop) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_START_S);
        while (!leaderIsKnown.await(POLL_MS, TimeUnit.MILLISECONDS)) {
            if (stop.getCount() == 0) {
                return false;
            }
            for (DemoNode node : nodes) {
                if (!node.isAlive()) {
                    throw failed(node.name() + " ended");
                }
            }
            if (System.nanoTime() > deadline) {
                throw failed("no node leads after " + MAX_START_S + " s");
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

    private void passOn(String name, String line) {
        out.println(Ansi.AUTO.string("@|cyan " + name + "|@") + " | " + line);
        out.flush();
        if (line.contains(EventLog.BECAME_LEADER)) {
            leaderIsKnown.countDown();
        }
    }

    private static CommandFailed failed(String why) {
        return new CommandFailed(
                ExitCode.ERROR,
                "the demo's cluster did not come up",
                why,
                "the nodes' lines above");
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
