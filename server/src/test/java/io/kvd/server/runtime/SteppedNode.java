package io.kvd.server.runtime;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ApplyLoop;
import io.kvd.core.node.BackgroundWork;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.LiveState;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeLoop;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.node.NodeStart;
import io.kvd.core.node.OpenedState;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.node.ReadLine;
import io.kvd.core.node.ReadWork;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.node.Transport;
import io.kvd.core.node.Turn;
import io.kvd.core.node.Work;
import io.kvd.simulator.MemoryLogStore;
import io.kvd.simulator.MemorySnapshots;
import io.kvd.simulator.MemoryStateStores;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One node of a transcript: the production loops over in-memory stores, where nothing takes time and whoever steps it
 * decides what happens next. Its threads are five queues. The stores outlive a crash, with what a crash leaves of them.
 */
public final class SteppedNode {
    private static final long GROUP_ID = 1;

    private final InitialCluster cluster;
    private final NodeOptions options;
    private final SplittableRandom random;
    private final World world;
    private MemoryLogStore log = new MemoryLogStore();
    private MemoryStateStores states = new MemoryStateStores();

    private final List<NodeInput> inbox = new ArrayList<>();
    private final List<ApplyInput> applyInbox = new ArrayList<>();
    /** Calls of a reader that were made and not followed. */
    private int readCalls;

    private int countCalls;
    private final ArrayDeque<Work.Background> background = new ArrayDeque<>();

    private Life life = Life.DOWN;
    private PeerIdentity identity = new PeerIdentity(0, Bytes.EMPTY, io.kvd.core.codec.Life.NONE);
    private long nextWakeNanos;
    // Made anew at each start; valid while the node is up.
    private List<Running> running = List.of();

    /** Whether the node's process runs, and if not, why. */
    public enum Life {
        DOWN,
        UP,
        STOPPED,
        REFUSED
    }

    /** What a node needs of the world around it. */
    public interface World {
        Transport transportOf(long nodeId);

        void replied(long nodeId, ClientReply reply);

        void happened(long nodeId, NodeEvents.Event event);
    }

    private record Running(
            NodeLoop loop,
            ApplyLoop apply,
            ReadLine line,
            ReadWork read,
            BackgroundWork background) {}

    public SteppedNode(
            InitialCluster cluster, NodeOptions options, SplittableRandom random, World world) {
        this.cluster = cluster;
        this.options = options;
        this.random = random;
        this.world = world;
    }

    public long id() {
        return cluster.selfId();
    }

    public Life life() {
        return life;
    }

    public PeerIdentity identity() {
        return identity;
    }

    public MemoryLogStore log() {
        return log;
    }

    /** The state machine of the running process. */
    public KvStateMachine machine() {
        return running.get(0).apply.machine();
    }

    public void start(long nowNanos) {
        RestoredLog restored = log.restore();
        NodeStart start = NodeStart.of(cluster, restored, freshStoreId());
        states.accept(restored);
        start.persist(log);
        long generation = start.stateGeneration(GROUP_ID);
        LiveState state = new LiveState(states.open(GROUP_ID, generation));
        KvStateMachine machine =
                KvStateMachine.open(GROUP_ID, state.store(), options.rowCacheBytes());
        NodeLoop loop = new NodeLoop(
                cluster,
                start,
                OpenedState.of(GROUP_ID, state, machine),
                options,
                new NodeLoop.Doors(
                        log,
                        world.transportOf(id()),
                        event -> world.happened(id(), event),
                        () -> nowNanos / 1_000_000),
                random.split(),
                "simulated",
                nowNanos);
        identity = start.identity();
        ReadLine line = new ReadLine(options.answers());
        running = List.of(new Running(
                loop,
                new ApplyLoop(GROUP_ID, generation, machine, state, states),
                line,
                new ReadWork(state, line),
                new BackgroundWork(log, state, states, new MemorySnapshots(states))));
        life = Life.UP;
        carryOut(loop.start());
    }

    /** The process dies at once: what was not persisted or flushed is lost, as the stores decide. */
    public void crash() {
        leaveStores();
        life = Life.DOWN;
    }

    /** The data directory is deleted while the process is down. */
    public void wipe() {
        log = new MemoryLogStore();
        states = new MemoryStateStores();
    }

    public void post(NodeInput input) {
        if (life == Life.UP) {
            inbox.add(input);
        }
    }

    long nextWakeNanos() {
        return nextWakeNanos;
    }

    /** Runs one of the node's threads that has something to do; false if none has. */
    public boolean runSomething(long nowNanos) {
        if (life != Life.UP) {
            return false;
        }
        List<Runnable> able = new ArrayList<>();
        if (!inbox.isEmpty() || nowNanos >= nextWakeNanos) {
            able.add(() -> runLoop(nowNanos));
        }
        if (!applyInbox.isEmpty()) {
            able.add(this::runApply);
        }
        if (readCalls > 0) {
            able.add(() -> runReads(nowNanos));
        }
        if (countCalls > 0) {
            able.add(() -> runCount(nowNanos));
        }
        if (!background.isEmpty()) {
            able.add(this::runBackground);
        }
        if (able.isEmpty()) {
            return false;
        }
        able.get(random.nextInt(able.size())).run();
        return true;
    }

    private void runLoop(long nowNanos) {
        List<NodeInput> taken = List.copyOf(inbox);
        inbox.clear();
        carryOut(running.get(0).loop.runOnce(taken, nowNanos));
    }

    private void runApply() {
        List<ApplyInput> taken = List.copyOf(applyInbox);
        applyInbox.clear();
        ApplyLoop.Outcome outcome = running.get(0).apply.runOnce(taken);
        inbox.addAll(outcome.toNode());
        reply(outcome.replies());
    }

    private void runReads(long nowNanos) {
        readCalls--;
        Running now = running.get(0);
        if (now.read.run(request -> isOver(request, nowNanos), this::reply)) {
            readCalls++;
        }
    }

    private void runCount(long nowNanos) {
        countCalls--;
        running.get(0).read.count(request -> isOver(request, nowNanos), this::reply);
    }

    private static boolean isOver(ClientRequest request, long nowNanos) {
        return request.deadlineNanos() - nowNanos < 0;
    }

    private void runBackground() {
        inbox.addAll(running.get(0).background.run(background.removeFirst()));
    }

    private void carryOut(Turn turn) {
        nextWakeNanos = turn.moreWork() ? 0 : turn.nextWakeNanos();
        for (Work work : turn.work()) {
            if (work instanceof Work.Apply apply) {
                applyInbox.add(apply.input());
            } else if (work instanceof Work.Read read) {
                running.get(0).read.add(read.batch());
                readCalls++;
            } else if (work instanceof Work.Count count) {
                running.get(0).read.add(count.batch());
                countCalls += count.batch().requests().size();
            } else if (work instanceof Work.Reply replies) {
                reply(replies.replies());
            } else if (work instanceof Work.End end) {
                end(end.reason());
                return;
            } else if (work instanceof Work.Background item) {
                background.addLast(item);
            } else {
                throw new AssertionError("unhandled " + work);
            }
        }
    }

    private void end(Work.Reason reason) {
        leaveStores();
        life = reason == Work.Reason.STOPPED ? Life.STOPPED : Life.REFUSED;
    }

    private void leaveStores() {
        clearQueues();
        running = List.of();
        log.crash();
        states.crash(random);
    }

    private void clearQueues() {
        inbox.clear();
        applyInbox.clear();
        readCalls = 0;
        countCalls = 0;
        background.clear();
    }

    private void reply(List<ClientReply> replies) {
        for (ClientReply reply : replies) {
            world.replied(id(), reply);
            running.stream()
                    .filter(now -> reply.answerBytes() > 0)
                    .filter(now -> now.line.left(reply.to().connectionId(), reply.answerBytes()))
                    .forEach(now -> readCalls++);
        }
    }

    private Bytes freshStoreId() {
        return new BytesWriter(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .toBytes();
    }
}
