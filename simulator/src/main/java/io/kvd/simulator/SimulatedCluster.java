package io.kvd.simulator;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.codec.Hello;
import io.kvd.core.codec.PeerFrames;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.codec.Wire;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.node.Transport;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RoleName;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * A cluster in one thread: virtual time, a network that delays, reorders, loses and cuts, and nodes that crash. Every
 * choice comes from one seed. Messages travel as bytes.
 */
public final class SimulatedCluster {
    private static final long TICK_NANOS = 10_000_000;
    private static final int CLIENT_PORT = 7400;

    private final SplittableRandom random;
    /** Node id i stands at i - 1. */
    private final List<SimulatedNode> nodes = new ArrayList<>();

    private final List<Parcel> inFlight = new ArrayList<>();
    private final Set<Link> cut = new TreeSet<>();
    private final List<Happening> happenings = new ArrayList<>();
    /** The role each node took last, while it is up. */
    private final TreeMap<Long, RoleName> roles = new TreeMap<>();
    /** Replies by node and request id. */
    private final TreeMap<Long, ClientReply> replies = new TreeMap<>();

    private double lossProbability;
    private long nowNanos = TICK_NANOS;

    /** An event at a node. */
    public record Happening(long nodeId, NodeEvents.Event event) {}

    /** One direction between two nodes. */
    private record Link(long from, long to) implements Comparable<Link> {
        @Override
        public int compareTo(Link other) {
            int byFrom = Long.compare(from, other.from);
            return byFrom != 0 ? byFrom : Long.compare(to, other.to);
        }
    }

    /** A peer frame's body on its way, sent over a connection of the sender's life. */
    private record Parcel(PeerIdentity from, long to, Bytes body) {}

    public SimulatedCluster(int nodeCount, NodeOptions options, long seed) {
        this.random = new SplittableRandom(seed);
        List<InitialCluster.InitialMember> members = new ArrayList<>();
        for (int id = 1; id <= nodeCount; id++) {
            String address = "sim:" + (CLIENT_PORT + id);
            members.add(new InitialCluster.InitialMember(id, "n" + id, address, address));
        }
        for (int id = 1; id <= nodeCount; id++) {
            InitialCluster cluster = new InitialCluster("simulated", id, members);
            nodes.add(new SimulatedNode(cluster, options, random.split(), new NodeWorld()));
        }
    }

    public SimulatedNode node(long id) {
        return nodes.get(Math.toIntExact(id) - 1);
    }

    public List<SimulatedNode> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** All that happened so far, oldest first. */
    public List<Happening> happenings() {
        return Collections.unmodifiableList(happenings);
    }

    public long nowNanos() {
        return nowNanos;
    }

    /** The reply to a request, none while there is none. */
    public List<ClientReply> replyTo(long requestId) {
        ClientReply reply = replies.get(requestId);
        return reply == null ? List.of() : List.of(reply);
    }

    /** The next {@link #replyTo} is of a later answer. */
    public void forgetReply(long requestId) {
        replies.remove(requestId);
    }

    /** Whether the node took the leader's role last. */
    public boolean leads(long id) {
        return roles.get(id) == RoleName.LEADER;
    }

    public void start(long id) {
        SimulatedNode node = node(id);
        node.start(nowNanos);
        for (SimulatedNode other : nodes) {
            if (other != node && other.life() == SimulatedNode.Life.UP) {
                node.post(new NodeInput.PeerConnected(other.identity()));
                other.post(new NodeInput.PeerConnected(node.identity()));
            }
        }
    }

    public void startAll() {
        for (SimulatedNode node : nodes) {
            if (node.life() != SimulatedNode.Life.UP) {
                start(node.id());
            }
        }
    }

    /** kill -9, noticed by the others as reset connections. */
    public void crash(long id) {
        node(id).crash();
        roles.remove(id);
        inFlight.removeIf(parcel -> parcel.to == id);
        nodes.forEach(other -> other.post(new NodeInput.PeerLost(id)));
    }

    public void wipe(long id) {
        node(id).wipe();
    }

    /** Nothing passes between the two any more, in neither direction. */
    public void cut(long one, long other) {
        cut.add(new Link(one, other));
        cut.add(new Link(other, one));
    }

    public void isolate(long id) {
        nodes.stream()
                .map(SimulatedNode::id)
                .filter(other -> other != id)
                .forEach(other -> cut(id, other));
    }

    public void heal() {
        cut.clear();
    }

    public void loseMessages(double probability) {
        lossProbability = probability;
    }

    /** What the node's surroundings tell it: disk space, a request to stop. */
    public void inform(long nodeId, NodeInput input) {
        node(nodeId).post(input);
    }

    public void submit(long nodeId, ClientRequest request) {
        node(nodeId).post(new NodeInput.ClientRequests(List.of(request)));
    }

    /** Runs until the condition holds; false if virtual time passed the bound first. */
    public boolean runUntil(BooleanSupplier condition, long maxMillis) {
        long end = nowNanos + maxMillis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (nowNanos > end) {
                return false;
            }
            step();
        }
        return true;
    }

    public void runFor(long millis) {
        long end = nowNanos + millis * 1_000_000;
        while (nowNanos < end) {
            step();
        }
    }

    /** One event: a thread of a node runs, a message arrives, or time passes. */
    public void step() {
        int choice = random.nextInt(nodes.size() + 1);
        if (choice < nodes.size() && nodes.get(choice).runSomething(nowNanos)) {
            return;
        }
        if (!inFlight.isEmpty() && random.nextInt(4) != 0) {
            deliver();
            return;
        }
        for (SimulatedNode node : nodes) {
            if (node.runSomething(nowNanos)) {
                return;
            }
        }
        if (inFlight.isEmpty() || random.nextInt(4) == 0) {
            nowNanos += random.nextLong(TICK_NANOS / 4) + 1;
        } else {
            deliver();
        }
    }

    private final class NodeWorld implements SimulatedNode.World {
        @Override
        public Transport transportOf(long nodeId) {
            return new Transport() {
                @Override
                public void send(List<Message> messages) {
                    messages.forEach(message -> post(new PeerPayload.OfReplica(message)));
                }

                @Override
                public void send(Hello hello) {
                    post(new PeerPayload.OfNode(hello));
                }
            };
        }

        @Override
        public void replied(long nodeId, ClientReply reply) {
            replies.put(reply.to().requestId(), reply);
        }

        @Override
        public void happened(long nodeId, NodeEvents.Event event) {
            happenings.add(new Happening(nodeId, event));
            if (event instanceof NodeEvents.RoleTaken taken) {
                roles.put(nodeId, taken.role());
            }
        }
    }

    private void post(PeerPayload payload) {
        PeerIdentity from = node(payload.from()).identity();
        BytesWriter frame = new BytesWriter(PeerFrames.estimatedBytes(payload));
        PeerFrames.encode(List.of(payload)).forEach(frame::put);
        Bytes body = frame.toBytes().slice(Wire.FRAME_LENGTH_BYTES);
        inFlight.add(new Parcel(from, payload.to(), body));
    }

    // Any message in flight may be next: delays and reorders are one.
    private void deliver() {
        Parcel parcel = inFlight.remove(random.nextInt(inFlight.size()));
        boolean lost = cut.contains(new Link(parcel.from.nodeId(), parcel.to))
                || random.nextDouble() < lossProbability;
        if (lost) {
            return;
        }
        SimulatedNode receiver = node(parcel.to);
        for (PeerPayload payload : PeerFrames.decode(parcel.body)) {
            receiver.post(
                    payload instanceof PeerPayload.OfReplica replica
                            ? new NodeInput.PeerMessages(parcel.from, List.of(replica.message()))
                            : new NodeInput.HelloReceived(
                                    parcel.from, ((PeerPayload.OfNode) payload).hello()));
        }
    }
}
