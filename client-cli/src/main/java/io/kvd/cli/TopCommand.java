package io.kvd.cli;

import io.kvd.cli.ClusterView.NodeView;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code kvctl top}: what each node does at the moment, again and again. */
final class TopCommand implements Command {
    static final String NAME = "top";

    private static final String INTERVAL = "--interval";
    private static final String COUNT = "--count";
    private static final String FIRST_LINE_OF_A_CLEAR_SCREEN = "\u001b[H\u001b[2J";

    @Override
    public Usage usage() {
        return new Usage(NAME, "Show what each node does, every second, until Ctrl-C.")
                .description(
                        "WRITES/s and READS/s count requests that were carried out. WRITE p50 and p99, from arrival to"
                                + " answer, and FSYNC p99 are of the last minute; the rest is of the last interval. BATCH"
                                + " is the mean number of entries an fsync. LAG is how many committed entries a node has"
                                + " not applied. STALL is how much of the time RocksDB held writes up. BUSY/s counts"
                                + " requests refused because limits.in-flight was used up. CPU is in cores.")
                .option(Usage.Option.value(
                        "DURATION", "Time between two looks. Default: 1s.", INTERVAL))
                .option(Usage.Option.value(
                        "NUMBER", "Show so many times, then end. Default: without end.", COUNT))
                .examples("kvctl top", "kvctl top --interval 5s", "kvctl top --count 1 -o json");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Settings settings = invocation.settings();
        String interval = invocation.arguments().option(INTERVAL);
        String count = invocation.arguments().option(COUNT);
        Duration pause =
                interval.isEmpty() ? Duration.ofSeconds(1) : Durations.parse(INTERVAL, interval);
        long rounds = count.isEmpty() ? Long.MAX_VALUE : Numbers.parse(COUNT, count);
        try (Caller caller = Caller.sessionless(settings)) {
            NodeFigures.await(caller, settings, StatusCommand.ask(caller, settings));
            List<NodeLoad> before = look(caller, settings);
            for (long round = 0; round < rounds; round++) {
                if (!sleep(pause)) {
                    return ExitCode.OK;
                }
                List<NodeLoad> now = look(caller, settings);
                print(invocation, NodeLoad.since(before, now));
                before = now;
            }
        }
        return ExitCode.OK;
    }

    private static void print(Invocation invocation, List<NodeLoad.Row> rows) {
        Console console = invocation.console();
        if (invocation.isJson()) {
            console.printLine(TopReport.json(rows));
        } else {
            console.print(console.isTerminal() ? FIRST_LINE_OF_A_CLEAR_SCREEN : "");
            console.print(TopReport.table(rows, invocation.settings().colour()));
        }
        console.flush();
    }

    /** Every member's figures; all are asked at once. */
    private static List<NodeLoad> look(Caller caller, Settings settings) {
        ClusterView view = StatusCommand.ask(caller, settings);
        Map<String, NodeFigures> figures = NodeFigures.ask(caller, settings, view);
        List<NodeLoad> loads = new ArrayList<>();
        for (NodeView node : view.nodes()) {
            loads.add(new NodeLoad(
                    node,
                    Math.max(0, view.commitIndex() - node.status().getAppliedIndex()),
                    figures.getOrDefault(node.address(), NodeFigures.NONE),
                    System.nanoTime()));
        }
        return loads;
    }

    /** Returns whether to go on. */
    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
