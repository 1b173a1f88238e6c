package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.StorageException;
import io.kvd.core.codec.Hello;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ApplyLoop;
import io.kvd.core.node.BackgroundWork;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.LiveState;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeLoop;
import io.kvd.core.node.NodeStart;
import io.kvd.core.node.OpenedState;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.node.ReadLine;
import io.kvd.core.node.ReadWork;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.node.Transport;
import io.kvd.core.node.Turn;
import io.kvd.core.node.Work;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftCore;
import io.kvd.simulator.engine.Timeline;
import io.kvd.simulator.world.DoorFaults.Trap;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One life of a node: the production loops over a host's stores, network and clock. Its threads are lanes that take
 * turns at moments of virtual time; what a turn does happens at once, and what it sends or hands out leaves when the
 * door calls before it are over. Only a task of the background thread is no single moment ({@link BackgroundLane}).
 */
public final class NodeProcess {
    /** The one group that there is. */
    public static final long GROUP_ID = 1;

    private static final Observer NOBODY = new Observer() {};

    private final Host host;
    private final World world;
    private final SplittableRandom random;
    private final PeerLinks links;
    private final PeerInbox peers;
    private final ClientPort clients;
    private final ProcessLog log;
    private final LiveState state;
    private final NodeStart start;
    private final NodeLoop loop;
    private final ApplyLoop apply;
    private final ReadLine line;
    private final ReadWork reads;
    private final BackgroundWork background;
    private final RaftLane raftLane = new RaftLane();
    private final ApplyLane applyLane = new ApplyLane();
    private final BackgroundLane backgroundLane = new BackgroundLane(this);
    /** How long the turn that is under way has taken so far. */
    private long elapsedNanos;

    /** The loop's replica since the birth: every judge asks for it after every turn. */
    private Optional<RaftCore> born = Optional.empty();

    private Bytes clusterId;
    private boolean over;
    private boolean spaceIsLow;

    /**
     * Opens the stores as a server's start does, in its order.
     *
     * @throws StorageException as the stores do, or as was injected
     * @throws ProcessDied as was injected
     */
    NodeProcess(Host host, World world) {
        this.host = host;
        this.world = world;
        this.random = host.random().split();
        this.log = new ProcessLog(host.stores().log(), this);
        this.links = new PeerLinks(this, random.split());
        this.peers = new PeerInbox(this);
        this.clients = new ClientPort(this);
        RestoredLog restored = log.restore();
        this.start = NodeStart.of(host.cluster(), restored, freshStoreId(random));
        cleanUp(restored);
        this.clusterId = start.record().clusterId();
        if (start.isFirst()) {
            start.persist(log);
        }
        StateStores states = new ProcessStates(host.stores().states(), this);
        long generation = start.stateGeneration(GROUP_ID);
        this.state = new LiveState(states.open(GROUP_ID, generation));
        KvStateMachine machine = world.options().open(GROUP_ID, state.store());
        this.loop = new NodeLoop(
                host.cluster(),
                start,
                OpenedState.of(GROUP_ID, state, machine),
                world.options().node(),
                new NodeLoop.Doors(log, new Doors(), this::happened, host::wallMs),
                random.split(),
                "simulated",
                host.localNanos());
        if (!start.isFirst()) {
            start.persist(log);
        }
        this.apply = new ApplyLoop(GROUP_ID, generation, machine, state, states);
        this.line = new ReadLine(world.options().node().answers());
        this.reads = new ReadWork(state, line);
        this.background = new BackgroundWork(
                log, state, states, new ProcessSnapshots(host.stores().snapshots(), this));
    }

    private void cleanUp(RestoredLog restored) {
        beforeDoor(Door.CLEAN_UP);
        host.stores().accept(restored);
        withinDoor();
        afterDoor();
    }

    /** The first turn; connections are dialled from now on. */
    void begin() {
        observer().started(this);
        carryOut(loop.start());
        raftLane.wakeAt(nowNanos() + elapsedNanos);
        links.start();
        host.tellSpace(this);
    }

    // What others may know.

    public Host host() {
        return host;
    }

    public PeerIdentity identity() {
        return start.identity();
    }

    /** The replica of the protocol; empty while unborn. To be looked at between turns. */
    public Optional<RaftCore> raft() {
        if (born.isEmpty()) {
            born = loop.raft();
        }
        return born;
    }

    /** The highest incarnation that it has seen of that member's directory. */
    public long remembers(long nodeId) {
        return loop.remembers(nodeId);
    }

    /** Whether it takes in what that life of a member says. */
    boolean hears(PeerIdentity peer) {
        return loop.hears(peer);
    }

    public KvStateMachine machine() {
        return apply.machine();
    }

    /** The state's rows. */
    public StateStore state() {
        return state.store();
    }

    /** Whether it was told that its disk is nearly full, before or in the turn under way. */
    public boolean isSpaceLow() {
        return spaceIsLow;
    }

    /** Bytes of entries in the log. */
    public long logBytes() {
        return log.sizeBytes(GROUP_ID);
    }

    /** Whether reads wait, or their answers hold bytes. */
    public boolean holdsReads() {
        return line.waiting() > 0 || line.heldBytes() > 0;
    }

    /** Empty while unborn. */
    Bytes clusterId() {
        return clusterId;
    }

    public boolean isOver() {
        return over;
    }

    /** Has it hand leadership over to that node, 0 = whoever is fit; nothing if it doesn't lead. */
    public void handOverLeadership(long to) {
        raft().ifPresent(core -> core.transferLeadership(to));
        raftLane.wakeAt(nowNanos());
    }

    PeerLinks links() {
        return links;
    }

    PeerInbox peers() {
        return peers;
    }

    ClientPort clients() {
        return clients;
    }

    World world() {
        return world;
    }

    Observer observer() {
        return host.isImposter() || host.isOldCopy() ? NOBODY : world.observers();
    }

    Timeline timeline() {
        return world.timeline();
    }

    long nowNanos() {
        return world.timeline().nowNanos();
    }

    /** When what the turn under way does now takes effect outside. */
    long effectNanos() {
        return nowNanos() + elapsedNanos;
    }

    long elapsedNanos() {
        return elapsedNanos;
    }

    // Doors.

    void takesTime(long nanos) {
        elapsedNanos += nanos;
    }

    void beforeDoor(Door door) {
        backgroundLane.atDoor();
        observer().atDoor(host, door);
        elapsedNanos += host.doorFaults().stallNanos();
        if (host.doorFaults().springs(Trap.DIE_BEFORE)) {
            throw new ProcessDied();
        }
    }

    /** The effect is there, in part or whole, and the process has not heard of it. */
    void withinDoor() {
        if (host.doorFaults().springs(Trap.DIE_WITHIN)) {
            throw new ProcessDied();
        }
    }

    void afterDoor() {
        if (host.doorFaults().springs(Trap.DIE_AFTER)) {
            throw new ProcessDied();
        }
        backgroundLane.atDoor();
    }

    BackgroundLane backgroundLane() {
        return backgroundLane;
    }

    private final class Doors implements Transport {
        @Override
        public void send(List<Message> messages) {
            beforeDoor(Door.SEND);
            if (host.isImposter()) {
                throw new Violation("a wiped member has no say", host + " sends " + messages);
            }
            if (host.isOldCopy() && messages.stream().anyMatch(NodeProcess::isPromise)) {
                throw new Violation("an older copy has no say", host + " sends " + messages);
            }
            boolean dies = host.doorFaults().springs(Trap.DIE_WITHIN);
            List<Message> leaving = host.shipmentTrouble()
                    .leaving(dies ? messages.subList(0, messages.size() / 2) : messages);
            for (Message message : leaving) {
                observer().sending(NodeProcess.this, message);
            }
            links.send(leaving);
            if (dies) {
                throw new ProcessDied();
            }
            afterDoor();
        }

        @Override
        public void announced(long nodeId, String peerAddress) {
            links.announced(nodeId, peerAddress);
        }

        @Override
        public boolean isConnected(long nodeId) {
            return links.isConnected(nodeId);
        }

        @Override
        public void send(Hello hello) {
            beforeDoor(Door.HELLO);
            links.send(hello);
            withinDoor();
            afterDoor();
        }

        @Override
        public void disconnect(PeerIdentity peer) {
            links.disconnect(peer);
        }
    }

    private static boolean isPromise(Message message) {
        return message instanceof Message.AppendAccepted
                || (message instanceof Message.VoteReply reply
                        && reply.vote() == Message.Vote.GRANTED);
    }

    private void happened(NodeEvents.Event event) {
        if (event instanceof NodeEvents.Born born) {
            clusterId = born.clusterId();
            host.born();
        }
        world.happened(this, event);
    }

    // Turns.

    /** Runs something on one of the process's threads, and ends the process if it ends that way. */
    void guard(Runnable body) {
        elapsedNanos = 0;
        try {
            body.run();
        } catch (ProcessDied died) {
            // If it is over already, it ended while a task was at a door.
            if (!over) {
                over = true;
                host.diesAt(this, effectNanos());
            }
        } catch (StorageException failure) {
            over = true;
            host.haltsAt(this, effectNanos(), failure);
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException | AssertionError wrong) {
            // Whatever a thread's top would report and halt on: here it is a finding.
            throw new Violation("no exception is swallowed", host + ": " + wrong, wrong);
        } finally {
            elapsedNanos = 0;
        }
    }

    void post(NodeInput input) {
        if (!over) {
            raftLane.post(input);
        }
    }

    private final class RaftLane extends Lane<NodeInput> {
        private RaftLane() {
            super(NodeProcess.this, "raft");
        }

        @Override
        long turn(List<NodeInput> taken) {
            boolean staysLow = ProcessSnapshots.isLowAfter(spaceIsLow, taken);
            // Also for a part of the turn.
            spaceIsLow |=
                    staysLow || taken.contains(new NodeInput.DiskSpace(NodeInput.SpaceLevel.LOW));
            Turn turn = loop.runOnce(taken, host.localNanos());
            spaceIsLow = staysLow;
            observer().turned(NodeProcess.this);
            carryOut(turn);
            reads.expire(
                    NodeProcess.this::isOver, replies -> clients.deliver(replies, effectNanos()));
            return turn.moreWork() ? effectNanos() : host.whenItShows(turn.nextWakeNanos());
        }
    }

    private final class ApplyLane extends Lane<ApplyInput> {
        private ApplyLane() {
            super(NodeProcess.this, "apply");
        }

        @Override
        long turn(List<ApplyInput> taken) {
            ApplyLoop.Outcome outcome = apply.runOnce(taken);
            for (NodeInput answer : outcome.toNode()) {
                if (answer instanceof NodeInput.Applied applied) {
                    observer().applied(NodeProcess.this, applied);
                }
                later(() -> NodeProcess.this.post(answer));
            }
            clients.deliver(outcome.replies(), effectNanos());
            return Long.MAX_VALUE;
        }
    }

    private void carryOut(Turn turn) {
        for (Work work : turn.work()) {
            if (work instanceof Work.Apply item) {
                if (item.input() instanceof ApplyInput.ApplyBatch batch) {
                    observer().handedOut(this, batch);
                }
                later(() -> applyLane.post(item.input()));
            } else if (work instanceof Work.Read read) {
                observer().serving(this, read.batch());
                reads.add(read.batch());
                callReader();
            } else if (work instanceof Work.Count count) {
                observer().serving(this, count.batch());
                reads.add(count.batch());
                plan("count", effectNanos() + host.workNanos(), this::count);
            } else if (work instanceof Work.Background item) {
                backgroundLane.post(
                        BackgroundLane.nameOf(item),
                        () -> background.run(item).forEach(answer -> later(() -> post(answer))));
            } else if (work instanceof Work.Reply reply) {
                clients.deliver(reply.replies(), effectNanos());
            } else if (work instanceof Work.End end) {
                host.ended(end.reason(), end.sentence());
                return;
            } else {
                throw new AssertionError("unhandled " + work);
            }
        }
    }

    private void later(Runnable body) {
        if (elapsedNanos == 0) {
            body.run();
        } else {
            plan("hand-over", effectNanos(), body);
        }
    }

    void plan(String kind, long atNanos, Runnable body) {
        timeline().at(atNanos, new Task(this, kind, body));
    }

    private void count() {
        if (reads.count(this::isOver, replies -> clients.deliver(replies, effectNanos()))) {
            plan("count", effectNanos() + host.workNanos(), this::count);
        }
    }

    /** Reads came in, or there is room again for answers. */
    private void callReader() {
        plan("read", effectNanos() + host.workNanos(), this::read);
    }

    private void read() {
        if (reads.run(this::isOver, replies -> clients.deliver(replies, effectNanos()))) {
            callReader();
        }
    }

    /** An answer is on its way, or nobody is there to have it. */
    void answerLeft(long connectionId, long answerBytes) {
        if (line.left(connectionId, answerBytes) && !over) {
            callReader();
        }
    }

    private boolean isOver(ClientRequest request) {
        return request.deadlineNanos() - host.localNanos() < 0
                || !clients.isOpen(request.origin().connectionId());
    }

    void deliverUnaddressed(ClientReply reply) {
        world.answeredUnaddressed(reply);
    }

    /** Nothing of it happens any more; its connections break. */
    void end() {
        over = true;
        links.end();
        peers.end();
        clients.end();
        observer().ended(this);
    }

    private static Bytes freshStoreId(SplittableRandom random) {
        return new BytesWriter(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .toBytes();
    }

    @Override
    public String toString() {
        return host.toString();
    }
}
