package io.kvd.simulator.world;

import io.kvd.core.base.Check;
import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientOptions;
import io.kvd.core.client.Outcome;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.raft.Message;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.engine.Streams;
import io.kvd.simulator.engine.Timeline;
import io.kvd.simulator.faults.FaultTally;
import io.kvd.simulator.net.Network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A cluster and its clients in one thread. Everything that happens is an event on one timeline, and every choice comes
 * from one seed. What goes wrong is done through {@link #host}, {@link #network} and {@link #client}.
 */
public final class World implements AutoCloseable {
    /** Connection id of requests that {@link #submit} handed in: they came over no connection. */
    public static final long UNADDRESSED = -1;

    private static final long MILLI = 1_000_000;
    private static final int CLIENT_PORT = 7400;

    private final WorldOptions options;
    private final Streams streams;
    private final Timeline timeline;
    private final FaultTally tally = new FaultTally();
    private final Network network;
    private final Archive archive;
    private final Observers observers = new Observers();
    /** Node id i stands at i - 1. */
    private final List<Host> hosts = new ArrayList<>();

    private final List<ClientHost> clients = new ArrayList<>();
    /** At most one. */
    private List<Host> imposter = List.of();

    /** By request id: answers to what {@link #submit} handed in. */
    private final TreeMap<Long, ClientReply> replies = new TreeMap<>();

    private long lastConnectionId;

    public World(WorldOptions options, Streams streams, EventTrace trace) {
        this.options = options;
        this.streams = streams;
        this.timeline = new Timeline(trace);
        this.network = new Network(
                options.imposterNumber() + 1,
                options.delay(),
                timeline,
                streams.named("net"),
                tally);
        this.archive = new Archive(streams.named("archive"));
        List<InitialCluster.InitialMember> members = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int id = 1; id <= options.nodes(); id++) {
            String address = address(id);
            members.add(new InitialCluster.InitialMember(id, "n" + id, address, address));
            addresses.add(address);
        }
        for (int id = 1; id <= options.nodes(); id++) {
            InitialCluster cluster = new InitialCluster("simulated", id, members);
            hosts.add(new Host(this, id - 1, cluster, streams.named("n" + id)));
        }
        for (int i = 1; i <= options.clients(); i++) {
            clients.add(client(i, addresses));
        }
    }

    private static String address(long nodeId) {
        return "sim:" + (CLIENT_PORT + nodeId);
    }

    // Each client knows the members in another order, as configured by other people.
    private ClientHost client(int index, List<String> addresses) {
        List<String> rotated = new ArrayList<>(addresses);
        Collections.rotate(rotated, index);
        ClientOptions usual = ClientOptions.of(rotated);
        ClientOptions mine = new ClientOptions(
                rotated,
                "c" + index,
                options.sessions().ttlMs(),
                usual.whenUnreachable(),
                usual.discovery());
        int number = options.nodes() + index - 1;
        return new ClientHost(this, number, "c" + index, mine, streams.named("c" + index));
    }

    // Its parts.

    public WorldOptions options() {
        return options;
    }

    public Streams streams() {
        return streams;
    }

    public Timeline timeline() {
        return timeline;
    }

    public FaultTally tally() {
        return tally;
    }

    public Network network() {
        return network;
    }

    Archive archive() {
        return archive;
    }

    Observers observers() {
        return observers;
    }

    /** Who follows what happens from now on. */
    public void addObserver(Observer observer) {
        observers.add(observer);
    }

    public Host host(long nodeId) {
        return hosts.get(Math.toIntExact(nodeId) - 1);
    }

    public List<Host> hosts() {
        return Collections.unmodifiableList(hosts);
    }

    /** Who listens there; empty if nobody does. */
    Optional<Host> hostAt(String address) {
        for (Host host : hosts) {
            if (host.address().equals(address)) {
                return Optional.of(host);
            }
        }
        return Optional.empty();
    }

    /**
     * The node, which does not run, comes back at another address. Its own configuration says so; the others' is what it
     * was.
     *
     * @param address host:port, at which nobody else is
     */
    public void move(long nodeId, String address) {
        Host host = host(nodeId);
        host.configure(withAddress(host.configuration(), nodeId, address));
    }

    /** The configuration with another address for one member. */
    public static InitialCluster withAddress(InitialCluster cluster, long nodeId, String address) {
        List<InitialCluster.InitialMember> members = new ArrayList<>(cluster.members());
        members.replaceAll(member -> member.nodeId() == nodeId
                ? new InitialCluster.InitialMember(nodeId, member.name(), address, address)
                : member);
        return new InitialCluster(cluster.name(), cluster.selfId(), members, cluster.founding());
    }

    /** @param index from 1 */
    public ClientHost client(int index) {
        return clients.get(index - 1);
    }

    public List<ClientHost> clients() {
        return Collections.unmodifiableList(clients);
    }

    long nextConnectionId() {
        return ++lastConnectionId;
    }

    // Time.

    public long nowNanos() {
        return timeline.nowNanos();
    }

    public void runFor(long millis) {
        long end = nowNanos() + millis * MILLI;
        while (timeline.stepUntil(end)) {
            // One event after the other.
        }
    }

    /** Runs until the condition holds; false if virtual time passed the bound first. */
    public boolean runUntil(BooleanSupplier condition, long maxMillis) {
        long end = nowNanos() + maxMillis * MILLI;
        while (!condition.getAsBoolean()) {
            if (!timeline.stepUntil(end)) {
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    // What a story needs.

    public void startAll() {
        hosts.forEach(Host::start);
    }

    /** Nothing passes between the two any more, in neither direction. */
    public void cut(long one, long other) {
        network.cut(host(one).number(), host(other).number());
        network.cut(host(other).number(), host(one).number());
    }

    /** The node and the others don't hear each other any more; clients still do. */
    public void isolate(long nodeId) {
        for (Host other : hosts) {
            if (other.id() != nodeId) {
                cut(nodeId, other.id());
            }
        }
    }

    /** Every path is as good as new. */
    public void heal() {
        for (int from = 0; from < network.hostCount(); from++) {
            for (int to = from + 1; to < network.hostCount(); to++) {
                network.heal(from, to);
            }
        }
    }

    /** Hands an input to a running node, as its surroundings would. */
    public void inform(long nodeId, NodeInput input) {
        host(nodeId).process().ifPresent(process -> process.post(input));
    }

    /** Hands a request to a running node, past the network; {@link #replyTo} has the answer when there is one. */
    public void submit(long nodeId, ClientRequest request) {
        Check.that(
                request.origin().connectionId() == UNADDRESSED,
                "a request of connection %d",
                request.origin().connectionId());
        inform(nodeId, new NodeInput.ClientRequests(List.of(request)));
    }

    /** The answer to a request, none while there is none. */
    public List<ClientReply> replyTo(long requestId) {
        ClientReply reply = replies.get(requestId);
        return reply == null ? List.of() : List.of(reply);
    }

    /** The next {@link #replyTo} is of a later answer. */
    public void forgetReply(long requestId) {
        replies.remove(requestId);
    }

    void answeredUnaddressed(ClientReply reply) {
        replies.put(reply.to().requestId(), reply);
    }

    /** From now on frames are kept, so that {@link #replayOldFrame} has some. */
    public void keepOldFrames() {
        archive.open();
    }

    /** A frame of long ago arrives once more; false if none can. */
    public boolean replayOldFrame() {
        return archive.replayOne();
    }

    /** The node gets a message that the other one never sent, as if on its connection; false if it can't. */
    public boolean forge(Host from, Host to, Message message) {
        boolean isPossible = from.process().isPresent()
                && to.process().isPresent()
                && !from.isStranger()
                && !to.isPaused()
                && to.process().get().hears(from.process().get().identity());
        if (isPossible) {
            to.process().get().peers().forged(from.process().get().identity(), message);
        }
        return isPossible;
    }

    /** The connection that the one node dialled to the other breaks; false if there is none. */
    public boolean resetConnection(long from, long to) {
        return host(from)
                .process()
                .flatMap(process -> process.links().to(to))
                .flatMap(PeerLink::connection)
                .map(connection -> {
                    connection.reset();
                    return true;
                })
                .orElse(false);
    }

    /** Starts a second process, on an empty directory, under the id of a node; there may be one at a time. */
    public void startImposter(long nodeId) {
        endImposter();
        Host host = new Host(
                this,
                options.imposterNumber(),
                host(nodeId).cluster(),
                streams.named("imposter " + nowNanos()));
        imposter = List.of(host);
        host.start();
    }

    /** Ends it if it runs under that node's id. */
    public void endImposterOf(long nodeId) {
        if (!imposter.isEmpty() && imposter.get(0).id() == nodeId) {
            endImposter();
        }
    }

    public void endImposter() {
        imposter.forEach(Host::crash);
        imposter.forEach(Host::close);
        imposter = List.of();
    }

    // The trace.

    void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.RoleTaken taken) {
            timeline.trace().mix(taken.term() << 8 ^ taken.role().name().hashCode());
        }
        if (timeline.trace().isRead()) {
            timeline.trace().remark(process + " " + event);
        }
        process.observer().happened(process, event);
    }

    /** Says something of a node in the trace. */
    void remark(Object who, String what) {
        timeline.trace().mix(what.hashCode());
        if (timeline.trace().isRead()) {
            timeline.trace().remark(who + " " + what);
        }
    }

    void remarkSent(List<PeerPayload> payloads) {
        for (PeerPayload payload : payloads) {
            String what = payload instanceof PeerPayload.OfReplica replica
                    ? replica.message().toString()
                    : payload.toString();
            timeline.trace().remark(payload.from() + ">" + payload.to() + " sends " + what);
        }
    }

    void remarkCompleted(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        timeline.trace().mix(operation.number());
        if (timeline.trace().isRead()) {
            timeline.trace().remark(client + " " + operation + " -> " + outcome);
        }
    }

    /** Gives the data directories up. */
    @Override
    public void close() {
        endImposter();
        hosts.forEach(Host::crash);
        hosts.forEach(Host::close);
    }
}
