package io.kvd.simulator;

import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.RaftOptions;
import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.Reply;

import java.util.List;

/** A simulated cluster with words for stories: elect, put, get, crash. Every wait is bounded in virtual time. */
final class ClusterScenario {
    static final NodeOptions OPTIONS = new NodeOptions(
            RaftOptions.DEFAULT.withElectionTicks(30), 64 << 10, 32 << 10, 10_000, 300);

    private static final long PATIENCE_MS = 20_000;

    final SimulatedCluster cluster;
    final Requests requests = new Requests();

    ClusterScenario(int nodes, long seed) {
        cluster = new SimulatedCluster(nodes, OPTIONS, seed);
    }

    static ClusterScenario started(int nodes, long seed) {
        ClusterScenario scenario = new ClusterScenario(nodes, seed);
        scenario.cluster.startAll();
        return scenario;
    }

    /** Puts by asking every running node in turn, as a client that retries within a session would. */
    Reply write(ClientRequest request) {
        long end = cluster.nowNanos() + PATIENCE_MS * 1_000_000;
        while (cluster.nowNanos() < end) {
            for (SimulatedNode node : cluster.nodes()) {
                if (node.life() != SimulatedNode.Life.UP) {
                    continue;
                }
                Reply reply = ask(node.id(), request);
                if (reply.getCode() == Code.OK || !reply.getRetryable()) {
                    return reply;
                }
            }
            cluster.runFor(50);
        }
        throw new AssertionError(
                "no answer to " + request + " within " + PATIENCE_MS + " ms of virtual time");
    }

    Reply put(String key, String value) {
        return write(requests.put(key, value, Entry.Origin.NONE));
    }

    /** A linearizable read at this node. */
    String get(long nodeId, String key) {
        long end = cluster.nowNanos() + PATIENCE_MS * 1_000_000;
        while (cluster.nowNanos() < end) {
            Reply reply = ask(nodeId, requests.get(key, Consistency.LINEARIZABLE));
            if (reply.getCode() == Code.OK) {
                return reply.getRange().getKvsCount() == 0
                        ? ""
                        : reply.getRange().getKvs(0).getValue().toStringUtf8();
            }
            cluster.runFor(50);
        }
        throw new AssertionError("no read at node " + nodeId);
    }

    /** Sends once, and waits for the answer; a node that dies meanwhile answers nothing, which reads as NO_LEADER. */
    Reply ask(long nodeId, ClientRequest request) {
        long requestId = request.origin().requestId();
        cluster.forgetReply(requestId);
        cluster.submit(nodeId, request);
        boolean answered = cluster.runUntil(() -> !cluster.replyTo(requestId).isEmpty(), 2_000);
        return answered
                ? Requests.parse(cluster.replyTo(requestId).get(0))
                : Reply.newBuilder().setCode(Code.NO_LEADER).setRetryable(true).build();
    }

    long leader() {
        List<SimulatedNode> leaders = cluster.nodes().stream()
                .filter(node -> node.life() == SimulatedNode.Life.UP && cluster.leads(node.id()))
                .toList();
        return leaders.isEmpty() ? 0 : leaders.get(leaders.size() - 1).id();
    }

    void awaitLeader() {
        if (!cluster.runUntil(() -> leader() != 0, PATIENCE_MS)) {
            throw new AssertionError("no leader within " + PATIENCE_MS + " ms of virtual time");
        }
    }
}
