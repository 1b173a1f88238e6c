package io.kvd.simulator.scenario;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Hello;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ApplyLoop;
import io.kvd.core.node.BackgroundWork;
import io.kvd.core.node.ClientReply;
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
import io.kvd.core.node.Transport;
import io.kvd.core.node.Turn;
import io.kvd.core.node.Work;
import io.kvd.core.raft.Message;
import io.kvd.simulator.MemoryLogStore;
import io.kvd.simulator.MemorySnapshots;
import io.kvd.simulator.MemoryStateStores;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The production loops over in-memory stores, one after the other on the caller's thread: in memory nothing is worth
 * waiting for. Born from the list of its members, without asking anybody.
 */
final class ReplicaLoops {
    static final long GROUP_ID = 1;
    /** Nothing is random here: each has one life. */
    private static final Bytes DRAWN = Bytes.utf8("drawn-at-a-start");

    private final Surroundings surroundings;
    private final NodeLoop loop;
    private final ApplyLoop apply;
    private final ReadLine line;
    private final ReadWork reads;
    private final BackgroundWork background;
    private List<NodeInput> inbox = new ArrayList<>();
    private long nextWakeNanos;
    private boolean moreWork;

    /** Where what the loops do has its effect; called on the caller's thread, from within {@link #run}. */
    interface Surroundings extends NodeEvents {
        void send(Message message);

        /** The entries were executed; those of them that {@code batch.waiting} names were answered. */
        void executed(ApplyInput.ApplyBatch batch);

        void replied(ClientReply reply);
    }

    /** What the loops are made of. */
    record Plan(InitialCluster cluster, List<Bytes> storeIds, NodeOptions options) {}

    ReplicaLoops(Plan plan, RandomGenerator random, Surroundings surroundings, long nowNanos) {
        this.surroundings = surroundings;
        MemoryLogStore log = new MemoryLogStore();
        log.restore();
        log.write(NodeStart.birth(plan.cluster(), plan.storeIds()));
        log.close();
        NodeStart start = NodeStart.of(plan.cluster(), log.restore(), DRAWN);
        start.persist(log);
        MemoryStateStores states = new MemoryStateStores();
        long generation = start.stateGeneration(GROUP_ID);
        LiveState state = new LiveState(states.open(GROUP_ID, generation));
        KvStateMachine machine =
                KvStateMachine.open(GROUP_ID, state.store(), plan.options().rowCacheBytes());
        this.loop = new NodeLoop(
                plan.cluster(),
                start,
                OpenedState.of(GROUP_ID, state, machine),
                plan.options(),
                new NodeLoop.Doors(log, new Sender(), surroundings, () -> 0),
                random,
                "datagrams",
                nowNanos);
        this.apply = new ApplyLoop(GROUP_ID, generation, machine, state, states);
        this.line = new ReadLine(plan.options().answers());
        this.reads = new ReadWork(state, line);
        this.background = new BackgroundWork(log, state, states, new MemorySnapshots(states));
    }

    private final class Sender implements Transport {
        @Override
        public void send(List<Message> messages) {
            messages.forEach(surroundings::send);
        }

        @Override
        public void announced(long nodeId, String peerAddress) {
            throw new AssertionError("nobody moves");
        }

        @Override
        public boolean isConnected(long nodeId) {
            return true;
        }

        @Override
        public void send(Hello hello) {
            throw new AssertionError("is born, and says " + hello);
        }

        // There are no connections.
        @Override
        public void disconnect(PeerIdentity peer) {}
    }

    void start() {
        carryOut(loop.start());
    }

    void post(NodeInput input) {
        inbox.add(input);
    }

    /** When {@link #run} is to be called at the latest. */
    long nextWakeNanos() {
        return nextWakeNanos;
    }

    /** Works until nothing is left to do. */
    void run(long nowNanos) {
        while (moreWork || !inbox.isEmpty() || nowNanos >= nextWakeNanos) {
            List<NodeInput> taken = inbox;
            inbox = new ArrayList<>();
            carryOut(loop.runOnce(taken, nowNanos));
        }
    }

    private void carryOut(Turn turn) {
        nextWakeNanos = turn.nextWakeNanos();
        moreWork = turn.moreWork();
        for (Work work : turn.work()) {
            if (work instanceof Work.Apply item) {
                execute(item.input());
            } else if (work instanceof Work.Read read) {
                reads.add(read.batch());
                serveReads();
            } else if (work instanceof Work.Reply reply) {
                reply.replies().forEach(surroundings::replied);
            } else if (work instanceof Work.Background item) {
                inbox.addAll(background.run(item));
            } else {
                throw new AssertionError("unhandled " + work);
            }
        }
    }

    private void serveReads() {
        boolean more = true;
        while (more) {
            more = reads.run(request -> false, replies -> replies.forEach(this::replied));
        }
    }

    private void replied(ClientReply reply) {
        surroundings.replied(reply);
        // As a datagram, which leaves at once.
        line.left(reply.to().connectionId(), reply.answerBytes());
    }

    private void execute(ApplyInput input) {
        ApplyLoop.Outcome outcome = apply.runOnce(List.of(input));
        inbox.addAll(outcome.toNode());
        outcome.replies().forEach(surroundings::replied);
        if (input instanceof ApplyInput.ApplyBatch batch) {
            surroundings.executed(batch);
        }
    }
}
