package io.kvd.server.runtime;

import io.kvd.server.runtime.config.HostPort;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** {@code kvd demo}: a cluster to play with, of real processes, gone when it ends. */
@Command(
        name = "demo",
        description = {
            "Runs a throw-away cluster of real processes on this machine, and prints what to type next.",
            "Ctrl-C stops the nodes and deletes their data."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  kvd demo", "  kvd demo --nodes 5 --base-port 17400"})
final class DemoCommand implements Callable<Integer> {
    private static final int MAX_NODES = 9;
    private static final int PORT_STEP = 10;
    private static final String LOOPBACK = "127.0.0.1";

    private final ProcessContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--nodes",
            paramLabel = "COUNT",
            description = "How many, 1 to " + MAX_NODES + "; default ${DEFAULT-VALUE}.")
    private int nodes = 3;

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            description = "Port of the first node, the others " + PORT_STEP
                    + " apart; default ${DEFAULT-VALUE}.")
    private int basePort = 7400;

    DemoCommand(ProcessContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<HostPort> addresses = addresses();
        addresses.forEach(DemoCommand::checkFree);
        CountDownLatch stop = new CountDownLatch(1);
        context.signals().handle(signal -> stop.countDown());
        PrintWriter out = spec.commandLine().getOut();
        try (TempDirectory directory = new TempDirectory("kvd-demo-");
                DemoCluster cluster = new DemoCluster(out)) {
            cluster.start(directory.path(), addresses);
            if (cluster.awaitLeader(stop)) {
                out.print(guide(cluster.nodes(), directory));
                out.flush();
            }
            stop.await();
            out.println("stopping " + nodes + " nodes");
            out.flush();
        }
        return ExitCode.OK.number();
    }

    private List<HostPort> addresses() {
        if (nodes < 1 || nodes > MAX_NODES) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--nodes " + nodes, "wanted: 1 to " + MAX_NODES, "--nodes 3");
        }
        int lastPort = basePort + (nodes - 1) * PORT_STEP;
        if (basePort < 1 || lastPort > 65535) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--base-port " + basePort,
                    "all ports, up to " + lastPort + ", must be 1 to 65535",
                    "--base-port 7400");
        }
        List<HostPort> addresses = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            addresses.add(new HostPort(LOOPBACK, basePort + i * PORT_STEP));
        }
        return addresses;
    }

    private static void checkFree(HostPort address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.host(), address.port()));
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.ERROR,
                    "can't listen on " + address + ": " + e.getMessage(),
                    "the demo needs a free port for each node",
                    "kvd demo --base-port " + (address.port() + 10_000) % 50_000);
        }
    }

    private static String guide(List<DemoNode> nodes, TempDirectory directory) {
        String endpoints = nodes.stream()
                .map(node -> node.address().toString())
                .collect(Collectors.joining(","));
        String processes = nodes.stream()
                .map(node ->
                        "    %s  %s  kill -9 %d".formatted(node.name(), node.address(), node.pid()))
                .collect(Collectors.joining("\n"));
        return """

                The cluster serves. In another terminal:

                    bin/kvctl -e %1$s put hello world
                    bin/kvctl -e %1$s get hello
                    bin/kvctl -e %1$s status

                For a failover, kill the leader, which status names, and get and put again:

                %2$s

                Start it again:  bin/kvd start --config %3$s
                The end:         Ctrl-C stops the nodes and deletes %4$s

                """.formatted(endpoints, processes, nodes.get(0).file(), directory.path());
    }
}
