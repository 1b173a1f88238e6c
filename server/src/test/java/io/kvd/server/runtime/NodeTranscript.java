package io.kvd.server.runtime;

import io.kvd.core.codec.Hello;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.InitialCluster.InitialMember;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.node.Transport;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftOptions;
import io.kvd.server.CapturedLog;
import io.kvd.server.runtime.SteppedNode.Life;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Runs the commands of a transcript on simulated nodes, the production loops over stores in memory, and prints what
 * the nodes log (INFO and worse), send and answer. One command a line:
 *
 * <pre>
 * cluster 3                 three members, nothing on their disks
 * start 1                   the process starts, and its connections to all that run come up
 * crash 1                   kill -9; what was under way on its connections is lost
 * wipe 1                    its data directory is deleted
 * tick 100                  ticks all a hundred times and delivers nothing
 * deliver [which]           what is in flight now, oldest first
 * drop [which]
 * run 100                   ticks all a hundred times, delivering everything; prints only what is logged
 * put 1 city Oslo           node 1 is sent the request, and everything is delivered for at most a second
 * get 1 city
 * state                     what {@code status} says of each node
 * </pre>
 *
 * <p>Which: any of {@code 1>2}, {@code to=2}, {@code from=1}; all must hold. Ids of directories and clusters are shown
 * by their first eight digits, but in log lines, which are as they are.
 */
final class NodeTranscript {
    private static final long TICK_NANOS = RaftOptions.DEFAULT.tickMs() * 1_000_000L;
    private static final int ANSWER_TICKS = 100;
    private static final NodeOptions OPTIONS = NodeOptions.DEFAULT
            .withRaft(RaftOptions.DEFAULT.withElectionTicks(30))
            .withLog(64 << 10, 32 << 10, 256 << 20);

    private final NodeTranscriptPrinter printer = new NodeTranscriptPrinter();
    private final TreeMap<Long, SteppedNode> nodes = new TreeMap<>();
    private final TreeMap<Long, EventLog> logs = new TreeMap<>();
    /** To the last request; nobody asks while another one waits. */
    private final List<ClientReply> replies = new ArrayList<>();

    private final List<Parcel> network = new ArrayList<>();
    private final List<String> output = new ArrayList<>();
    private final TranscriptRequests requests = new TranscriptRequests();
    private List<InitialMember> members = List.of();
    private long nowNanos;
    private boolean isQuiet;

    /** What a node says to another, over a connection of the sender's present life. */
    private record Parcel(PeerIdentity from, PeerPayload payload) {
        boolean isOf(long node) {
            return payload.from() == node || payload.to() == node;
        }
    }

    /** The lines that the command prints. */
    List<String> run(String command) {
        output.clear();
        String[] words = command.split(" +");
        List<String> arguments = Arrays.asList(words).subList(1, words.length);
        try (CapturedLog captured = CapturedLog.of("kvd.raft")) {
            printer.readFrom(captured);
            execute(words[0], arguments);
        }
        return output.isEmpty() ? List.of("ok") : List.copyOf(output);
    }

    private void execute(String command, List<String> arguments) {
        switch (command) {
            case "cluster" -> cluster(Integer.parseInt(arguments.get(0)));
            case "start" -> start(node(arguments));
            case "crash" -> crash(node(arguments));
            case "wipe" -> node(arguments).wipe();
            case "tick" -> tick(Integer.parseInt(arguments.get(0)));
            case "deliver" -> deliver(which(arguments));
            case "drop" -> drop(which(arguments));
            case "run" -> runAll(Integer.parseInt(arguments.get(0)));
            case "put" -> ask(node(arguments), requests.put(arguments.get(1), arguments.get(2)));
            case "get" -> ask(node(arguments), requests.get(arguments.get(1)));
            case "state" -> nodes.values().forEach(this::state);
            default -> throw new AssertionError("unknown command " + command);
        }
    }

    private void cluster(int size) {
        List<InitialMember> all = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            String address = "host" + id + ":7400";
            all.add(new InitialMember(id, "n" + id, address, address));
        }
        members = all;
        SplittableRandom random = new SplittableRandom(1);
        for (InitialMember member : members) {
            nodes.put(
                    member.nodeId(),
                    new SteppedNode(
                            cluster(member.nodeId()), OPTIONS, random.split(), new World()));
        }
    }

    private InitialCluster cluster(long selfId) {
        return new InitialCluster("kvd", selfId, members);
    }

    private void start(SteppedNode node) {
        logs.put(node.id(), new EventLog(cluster(node.id()), () -> nowNanos));
        node.start(nowNanos);
        for (SteppedNode other : nodes.values()) {
            if (other != node && other.life() == Life.UP) {
                node.post(new NodeInput.PeerConnected(other.identity()));
                other.post(new NodeInput.PeerConnected(node.identity()));
            }
        }
        settle();
    }

    private void crash(SteppedNode node) {
        node.crash();
        leave(node);
        settle();
    }

    private void leave(SteppedNode gone) {
        network.removeIf(parcel -> parcel.isOf(gone.id()));
        nodes.values().forEach(other -> other.post(new NodeInput.PeerLost(gone.id())));
    }

    private void tick(int ticks) {
        for (int i = 0; i < ticks; i++) {
            nowNanos += TICK_NANOS;
            settle();
        }
    }

    private void deliver(Predicate<Parcel> which) {
        List<Parcel> delivered = network.stream().filter(which).toList();
        network.removeAll(delivered);
        for (Parcel parcel : delivered) {
            receive(parcel);
            settle();
        }
    }

    private void receive(Parcel parcel) {
        PeerPayload payload = parcel.payload;
        node(payload.to())
                .post(
                        payload instanceof PeerPayload.OfReplica replica
                                ? new NodeInput.PeerMessages(
                                        parcel.from, List.of(replica.message()))
                                : new NodeInput.HelloReceived(
                                        parcel.from, ((PeerPayload.OfNode) payload).hello()));
    }

    private void drop(Predicate<Parcel> which) {
        network.stream()
                .filter(which)
                .forEach(parcel -> output.add("lost " + printer.payload(parcel.payload)));
        network.removeIf(which);
    }

    private void runAll(int ticks) {
        isQuiet = true;
        for (int i = 0; i < ticks; i++) {
            tick(1);
            deliver(parcel -> true);
        }
        isQuiet = false;
    }

    private void ask(SteppedNode node, ClientRequest request) {
        replies.clear();
        node.post(new NodeInput.ClientRequests(List.of(request)));
        for (int i = 0; i < ANSWER_TICKS && replies.isEmpty(); i++) {
            runAll(1);
        }
        String answer = replies.isEmpty() ? "nothing" : printer.reply(replies.get(0));
        output.add("n" + node.id() + " answers " + answer);
    }

    private void state(SteppedNode node) {
        if (node.life() != Life.UP) {
            output.add("n" + node.id() + " " + node.life());
            return;
        }
        replies.clear();
        node.post(new NodeInput.ClientRequests(List.of(requests.status())));
        settle();
        output.add(printer.status(replies.get(0)));
    }

    /** Everyone does what it can without more messages or time. */
    private void settle() {
        for (SteppedNode node : nodes.values()) {
            boolean wasUp = node.life() == Life.UP;
            while (node.runSomething(nowNanos)) {
                // Until it waits.
            }
            if (wasUp && node.life() != Life.UP) {
                output.add("n" + node.id() + " ends: " + node.life());
                leave(node);
            }
        }
    }

    private static Predicate<Parcel> which(List<String> arguments) {
        Predicate<Parcel> which = parcel -> true;
        for (String argument : arguments) {
            which = which.and(parcel -> matches(parcel.payload, argument));
        }
        return which;
    }

    private static boolean matches(PeerPayload payload, String argument) {
        return argument.equals(payload.from() + ">" + payload.to())
                || argument.equals("to=" + payload.to())
                || argument.equals("from=" + payload.from());
    }

    private SteppedNode node(List<String> arguments) {
        return node(Long.parseLong(arguments.get(0)));
    }

    private SteppedNode node(long id) {
        return Objects.requireNonNull(nodes.get(id), "no such node; begin with: cluster 3");
    }

    private void post(PeerPayload payload) {
        network.add(new Parcel(node(payload.from()).identity(), payload));
        if (!isQuiet) {
            output.add("n" + payload.from() + " sends " + printer.payload(payload));
        }
    }

    private final class World implements SteppedNode.World {
        @Override
        public Transport transportOf(long nodeId) {
            return new Transport() {
                @Override
                public void send(List<Message> messages) {
                    messages.forEach(message -> post(new PeerPayload.OfReplica(message)));
                }

                @Override
                public void announced(long nodeId, String peerAddress) {}

                @Override
                public boolean isConnected(long nodeId) {
                    return true;
                }

                @Override
                public void send(Hello hello) {
                    post(new PeerPayload.OfNode(hello));
                }

                @Override
                public void disconnect(PeerIdentity peer) {
                    throw new AssertionError("no transcript is of faulty peers: " + peer);
                }
            };
        }

        @Override
        public void replied(long nodeId, ClientReply reply) {
            replies.add(reply);
        }

        @Override
        public void happened(long nodeId, NodeEvents.Event event) {
            Objects.requireNonNull(logs.get(nodeId)).happened(event);
            printer.newLogLines().forEach(line -> output.add("n" + nodeId + " logs " + line));
        }
    }
}
