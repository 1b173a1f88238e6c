package io.kvd.core.raft;

import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Runs the commands of a transcript and prints what happens. One command a line:
 *
 * <pre>
 * cluster 3                 three voters, nothing on their disks
 * cluster 3 short           ... whose messages carry one entry each
 * disk 1 term=3 log=1,1,2   what node 1 finds at its start: its term, the terms of its entries
 * disk all bootstrap        ... or everyone the entry that birth wrote, of term 1, applied
 * start 1 | start           node 1, or all that are down
 * crash 1                   what was not persisted is lost
 * campaign 1                ticks node 1 until it campaigns
 * elect 1                   ... and delivers until it leads; prints only the outcome
 * tick 1 10                 ticks node 1 ten times
 * run 10                    ticks all ten times, delivering everything; prints only changes of role
 * deliver [which]           what is in flight now, oldest first
 * deliver-all               until nothing is in flight
 * drop [which]
 * propose 1 a b             two commands in one turn
 * read 1
 * transfer 1 2              node 1 hands over to node 2
 * lost 1 2                  node 1's connection to node 2 breaks
 * isolate 1 | heal
 * state | network | log 1
 * </pre>
 *
 * <p>Which: any of {@code 1>2}, {@code to=2}, {@code from=1}, a message's kind; all must hold.
 */
final class Transcript {
    /** As {@link RaftCluster#OPTIONS}, with no room for a second entry in a message. */
    private static final RaftOptions SHORT =
            new RaftOptions(10, 3, 10, 71, 9, 9_999, 9_999, 9_999, 9_999, 9);

    private final List<String> output = new ArrayList<>();
    private Optional<RaftCluster> started = Optional.empty();
    private boolean isQuiet;

    /** The lines that the command prints. */
    List<String> run(String command) {
        output.clear();
        String[] words = command.split(" +");
        List<String> arguments = Arrays.asList(words).subList(1, words.length);
        if (words[0].equals("cluster")) {
            Configuration members =
                    RaftCluster.configuration(Integer.parseInt(arguments.get(0)), 0);
            RaftOptions options = arguments.contains("short") ? SHORT : RaftCluster.OPTIONS;
            RaftCluster cluster = new RaftCluster(options, members, 1);
            cluster.onReady(this::print);
            started = Optional.of(cluster);
        } else {
            execute(words[0], arguments);
        }
        return output.isEmpty() ? List.of("ok") : List.copyOf(output);
    }

    private void execute(String command, List<String> arguments) {
        switch (command) {
            case "disk" -> disk(arguments);
            case "start" -> start(arguments);
            case "crash" -> node(arguments).crash();
            case "campaign" -> cluster().campaign(node(arguments).id);
            case "elect" -> elect(arguments);
            case "tick" -> cluster().tick(node(arguments).id, Integer.parseInt(arguments.get(1)));
            case "run" -> runAll(Integer.parseInt(arguments.get(0)));
            case "deliver" -> cluster().deliver(which(arguments));
            case "deliver-all" -> cluster().deliverAll();
            case "drop" -> drop(which(arguments));
            case "propose" -> propose(arguments);
            case "read" -> cluster().read(node(arguments).id);
            case "transfer" -> transfer(arguments);
            case "lost" -> lost(arguments);
            case "isolate" -> cluster().isolate(node(arguments).id);
            case "heal" -> cluster().heal();
            case "state" -> state();
            case "network" ->
                cluster().network().forEach(m -> output.add(TranscriptPrinter.message(m)));
            case "log" -> output.add(TranscriptPrinter.log(node(arguments)));
            default -> throw new AssertionError("unknown command " + command);
        }
    }

    private void print(TestNode node, Ready ready) {
        for (String line : TranscriptPrinter.ready(node, ready)) {
            if (!isQuiet || line.contains(" becomes ")) {
                output.add(line);
            }
        }
    }

    private void disk(List<String> arguments) {
        long term = 1;
        List<Run> log = List.of();
        long applied = 0;
        for (String argument : arguments.subList(1, arguments.size())) {
            if (argument.equals("bootstrap")) {
                Entry entry = new Entry(
                        new EntryId(1, 1),
                        EntryKind.CONFIG,
                        Entry.Stamp.ZERO,
                        Entry.Origin.NONE,
                        Bytes.utf8("the members"));
                log = List.of(Run.encode(TestNode.GROUP, List.of(entry)));
                applied = 1;
            } else if (argument.startsWith("term=")) {
                term = Long.parseLong(argument.substring(5));
            } else {
                String[] terms = argument.substring(4).split(",");
                log = RaftCluster.logOf(
                        Arrays.stream(terms).mapToLong(Long::parseLong).toArray());
            }
        }
        for (TestNode node :
                arguments.get(0).equals("all") ? cluster().nodes() : List.of(node(arguments))) {
            node.restore(new HardState(term, NodeId.NONE), log, applied);
        }
    }

    private void start(List<String> arguments) {
        if (arguments.isEmpty()) {
            cluster().startAll();
        } else {
            node(arguments).start(Long.MAX_VALUE);
        }
        state();
    }

    private void elect(List<String> arguments) {
        isQuiet = true;
        cluster().elect(node(arguments).id);
        isQuiet = false;
        output.clear();
        state();
    }

    private void runAll(int ticks) {
        isQuiet = true;
        cluster().run(ticks);
        isQuiet = false;
        state();
    }

    private void drop(Predicate<Message> which) {
        cluster().network().stream()
                .filter(which)
                .forEach(m -> output.add("lost " + TranscriptPrinter.message(m)));
        cluster().drop(which);
    }

    private void propose(List<String> arguments) {
        String[] payloads = arguments.subList(1, arguments.size()).toArray(String[]::new);
        Proposed proposed = cluster().propose(node(arguments).id, payloads);
        if (!(proposed instanceof Proposed.Appended)) {
            output.add(proposed.toString());
        }
    }

    private void transfer(List<String> arguments) {
        node(arguments).core().transferLeadership(Long.parseLong(arguments.get(1)));
        cluster().settle(node(arguments));
    }

    private void lost(List<String> arguments) {
        node(arguments).core().peerLost(Long.parseLong(arguments.get(1)));
        cluster().settle(node(arguments));
    }

    private void state() {
        cluster().nodes().forEach(node -> output.add(TranscriptPrinter.node(node)));
    }

    private static Predicate<Message> which(List<String> arguments) {
        Predicate<Message> which = message -> true;
        for (String argument : arguments) {
            which = which.and(message -> matches(message, argument));
        }
        return which;
    }

    private static boolean matches(Message message, String argument) {
        return argument.equals(message.from() + ">" + message.to())
                || argument.equals("to=" + message.to())
                || argument.equals("from=" + message.from())
                || argument.equals(message.getClass().getSimpleName());
    }

    private TestNode node(List<String> arguments) {
        return cluster().node(Long.parseLong(arguments.get(0)));
    }

    private RaftCluster cluster() {
        return started.orElseThrow(() -> new AssertionError("begin with: cluster 3"));
    }
}
