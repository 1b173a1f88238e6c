package io.kvd.simulator.world;

import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.RoleName;
import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.Reply;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.engine.Streams;
import io.kvd.simulator.net.Path;

import java.util.Optional;

/** A simulated cluster with words for stories: elect, put, get, crash. Every wait is bounded in virtual time. */
final class ClusterScenario {
    static final NodeOptions OPTIONS = NodeOptions.DEFAULT
            .withRaft(RaftOptions.DEFAULT.withElectionTicks(30))
            .withLog(64 << 10, 32 << 10, 256 << 20);

    private static final long PATIENCE_MS = 20_000;

    final World world;
    final Requests requests = new Requests();
    final Happenings happenings = new Happenings();
    private Path.Trouble loss = new Path.Trouble(Path.Kind.LOSS, 0);

    ClusterScenario(int nodes, long seed) {
        this(nodes, seed, OPTIONS);
    }

    ClusterScenario(int nodes, long seed, NodeOptions options) {
        world = new World(WorldOptions.of(nodes, options), new Streams(seed), EventTrace.unread());
        world.addObserver(happenings);
    }

    static ClusterScenario started(int nodes, long seed) {
        ClusterScenario scenario = new ClusterScenario(nodes, seed);
        scenario.world.startAll();
        return scenario;
    }

    /** Puts by asking every running node in turn, as a client that retries within a session would. */
    Reply write(ClientRequest request) {
        long end = world.nowNanos() + PATIENCE_MS * 1_000_000;
        while (world.nowNanos() < end) {
            for (Host node : world.hosts()) {
                if (node.life() != Host.Life.UP) {
                    continue;
                }
                Reply reply = ask(node.id(), request);
                if (reply.getCode() == Code.OK || !reply.getRetryable()) {
                    return reply;
                }
            }
            world.runFor(50);
        }
        throw new AssertionError(
                "no answer to " + request + " within " + PATIENCE_MS + " ms of virtual time");
    }

    Reply put(String key, String value) {
        return write(requests.put(key, value, Entry.Origin.NONE));
    }

    /** A linearizable read at this node. */
    String get(long nodeId, String key) {
        long end = world.nowNanos() + PATIENCE_MS * 1_000_000;
        while (world.nowNanos() < end) {
            Reply reply = ask(nodeId, requests.get(key, Consistency.LINEARIZABLE));
            if (reply.getCode() == Code.OK) {
                return reply.getRange().getKvsCount() == 0
                        ? ""
                        : reply.getRange().getKvs(0).getValue().toStringUtf8();
            }
            world.runFor(50);
        }
        throw new AssertionError("no read at node " + nodeId);
    }

    /** Sends once, and waits for the answer; a node that dies meanwhile answers nothing, which reads as NO_LEADER. */
    Reply ask(long nodeId, ClientRequest request) {
        long requestId = request.origin().requestId();
        world.forgetReply(requestId);
        world.submit(nodeId, request);
        boolean answered = world.runUntil(() -> !world.replyTo(requestId).isEmpty(), 2_000);
        return answered
                ? Requests.parse(world.replyTo(requestId).get(0))
                : Reply.newBuilder().setCode(Code.NO_LEADER).setRetryable(true).build();
    }

    /** The running node that leads in the highest term, 0 if none does. */
    long leader() {
        long leader = 0;
        long term = 0;
        for (Host host : world.hosts()) {
            Optional<RaftCore> raft = host.process().flatMap(NodeProcess::raft);
            if (raft.isPresent()
                    && raft.get().role() == RoleName.LEADER
                    && raft.get().term() > term) {
                leader = host.id();
                term = raft.get().term();
            }
        }
        return leader;
    }

    /** From now on messages between nodes are lost with that probability. */
    void loseMessages(double probability) {
        Path.Trouble before = loss;
        loss = new Path.Trouble(Path.Kind.LOSS, probability);
        for (Host from : world.hosts()) {
            for (Host to : world.hosts()) {
                Path path = world.network().path(from.number(), to.number());
                path.end(before);
                path.begin(loss);
            }
        }
    }

    void awaitLeader() {
        if (!world.runUntil(() -> leader() != 0, PATIENCE_MS)) {
            throw new AssertionError("no leader within " + PATIENCE_MS + " ms of virtual time");
        }
    }
}
