package io.kvd.core.raft;

import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Some {@link TestNode}s and the messages between them, which go nowhere until a test delivers
 * them: it decides what arrives, when, in which order, how often, and who dies. Nothing happens by
 * itself.
 */
final class RaftCluster {
    /** Small numbers, so that tests reach every bound. */
    static final RaftOptions OPTIONS =
            RaftOptions.DEFAULT.withHeartbeatTicks(3).withElectionTicks(10);

    private static final int MAX_DELIVERIES = 100_000;

    private final long seed;
    private final TreeMap<Long, TestNode> nodes = new TreeMap<>();
    private final List<Message> network = new ArrayList<>();
    private final TreeSet<String> cutLinks = new TreeSet<>();
    private final SafetyObserver observer;
    private BiConsumer<TestNode, Ready> onReady = (node, ready) -> {};
    private long readCounter;

    RaftCluster(int voters) {
        this(OPTIONS, configuration(voters, 0), 1);
    }

    RaftCluster(RaftOptions options, Configuration configuration, long seed) {
        this.seed = seed;
        this.observer = new SafetyObserver(this);
        for (Member member : configuration.members()) {
            nodes.put(member.nodeId(), new TestNode(this, member.nodeId(), options, configuration));
        }
    }

    /** Nodes 1 to {@code voters} vote, the {@code learners} after them don't. */
    static Configuration configuration(int voters, int learners) {
        List<Member> members = new ArrayList<>();
        for (long id = 1; id <= voters + learners; id++) {
            members.add(new Member(
                    id,
                    Bytes.utf8("store" + id),
                    "n" + id,
                    "host" + id + ":1",
                    "host" + id + ":2",
                    id <= voters ? Member.Suffrage.VOTER : Member.Suffrage.LEARNER,
                    new Member.FeatureRange(1, 1)));
        }
        return new Configuration(members, voters + learners);
    }

    /** Of whose nodes the test plays all but those it starts; so only each replica is checked. */
    static RaftCluster scripted(RaftOptions options, Configuration configuration) {
        RaftCluster cluster = new RaftCluster(options, configuration, 1);
        cluster.observer.disable();
        return cluster;
    }

    long seed() {
        return seed;
    }

    SafetyObserver observer() {
        return observer;
    }

    /** Told of every Ready before it is carried out. */
    void onReady(BiConsumer<TestNode, Ready> listener) {
        onReady = listener;
    }

    void ready(TestNode node, Ready ready) {
        observer.onReady(node, ready);
        onReady.accept(node, ready);
    }

    RaftCluster startAll() {
        nodes.values().stream()
                .filter(node -> !node.isUp())
                .forEach(node -> node.start(Long.MAX_VALUE));
        return this;
    }

    TestNode node(long id) {
        return Objects.requireNonNull(nodes.get(id), "no such node");
    }

    List<TestNode> nodes() {
        return List.copyOf(nodes.values());
    }

    RaftCore core(long id) {
        return node(id).core();
    }

    // The network.

    void send(Message message) {
        if (!cutLinks.contains(link(message.from(), message.to()))) {
            network.add(message);
        }
    }

    List<Message> network() {
        return network;
    }

    <M extends Message> List<M> inFlight(Class<M> kind) {
        return network.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    void cut(long from, long to) {
        cutLinks.add(link(from, to));
        network.removeIf(message -> message.from() == from && message.to() == to);
    }

    void isolate(long id) {
        for (long other : nodes.keySet()) {
            cut(id, other);
            cut(other, id);
        }
    }

    void heal() {
        cutLinks.clear();
    }

    private static String link(long from, long to) {
        return from + ">" + to;
    }

    /** Steps one message, in flight or not, and carries out what follows. */
    void deliver(Message message) {
        network.remove(message);
        TestNode node = node(message.to());
        if (node.isUp()) {
            node.core().step(message);
            node.check();
            settle(node);
        }
    }

    /**
     * Delivers what is in flight now and matches, oldest first; not what that brings forth. Returns
     * how many.
     */
    int deliver(Predicate<Message> which) {
        List<Message> chosen = network.stream().filter(which).toList();
        chosen.forEach(this::deliver);
        return chosen.size();
    }

    /** Delivers until nothing is in flight; returns how many round trips of all nodes that took. */
    int deliverAll() {
        int waves = 0;
        int delivered = 0;
        while (!network.isEmpty()) {
            delivered += deliver(message -> true);
            waves++;
            if (delivered > MAX_DELIVERIES) {
                throw new AssertionError("a storm of messages: " + network);
            }
        }
        return waves;
    }

    void drop(Predicate<Message> which) {
        network.removeIf(which);
    }

    void dropAll() {
        network.clear();
    }

    // Time and work.

    /** Carries out what is ready at the node, applies and loads at once. */
    void settle(TestNode node) {
        do {
            node.carryOut();
            if (node.isUp()) {
                node.apply(Integer.MAX_VALUE);
                node.load();
            }
        } while (node.isUp() && node.core().hasReady());
        observer.check();
    }

    void tick(long id) {
        tick(id, 1);
    }

    void tick(long id, int ticks) {
        for (int i = 0; i < ticks && node(id).isUp(); i++) {
            core(id).tick();
            node(id).check();
            settle(node(id));
        }
    }

    /** Ticks everyone, delivering everything after each tick. */
    void run(int ticks) {
        for (int i = 0; i < ticks; i++) {
            for (TestNode node : nodes.values()) {
                if (node.isUp()) {
                    tick(node.id);
                }
            }
            deliverAll();
        }
    }

    /** Lets the node campaign until it leads, and its first entry be committed everywhere. */
    RaftCluster elect(long id) {
        for (int i = 0; i < 3 && core(id).role() != RoleName.LEADER; i++) {
            campaign(id); // More than once if it lags behind in term.
            deliverAll();
        }
        if (core(id).role() != RoleName.LEADER) {
            throw new AssertionError("not elected: " + node(id));
        }
        run(OPTIONS.heartbeatTicks());
        return this;
    }

    /** Ticks the node until it asks for votes of either kind; nothing is delivered. */
    void campaign(long id) {
        for (int i = 0; i < 3 * OPTIONS.electionTicks(); i++) {
            tick(id);
            if (core(id).role() != RoleName.FOLLOWER) {
                return;
            }
        }
        throw new AssertionError("does not campaign: " + node(id));
    }

    /** Ticks past every node's stickiness, delivering nothing. */
    void forgetLeader(long id) {
        tick(id, OPTIONS.electionTicks());
    }

    // Clients.

    static Proposal command(String payload) {
        return new Proposal(EntryKind.COMMAND, Entry.Origin.NONE, Bytes.utf8(payload), 0);
    }

    Proposed propose(long id, String... payloads) {
        List<Proposal> proposals = new ArrayList<>();
        for (String payload : payloads) {
            proposals.add(command(payload));
        }
        Proposed proposed = core(id).propose(proposals);
        node(id).check();
        settle(node(id));
        return proposed;
    }

    ReadId read(long id) {
        ReadId read = new ReadId(node(id).incarnation(), ++readCounter);
        observer.onRequested(read);
        core(id).requestRead(read);
        settle(node(id));
        return read;
    }

    // Entries and logs made by hand.

    static Entry entry(long term, long index, String payload) {
        return new Entry(
                new EntryId(term, index),
                EntryKind.COMMAND,
                Entry.Stamp.ZERO,
                Entry.Origin.NONE,
                Bytes.utf8(payload));
    }

    /** A log from index 1 on whose entries have these terms. */
    static List<Run> logOf(long... terms) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            runs.add(Run.encode(
                    TestNode.GROUP,
                    List.of(entry(terms[i], i + 1, "t" + terms[i] + "i" + (i + 1)))));
        }
        return runs;
    }
}
