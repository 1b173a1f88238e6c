package io.kvd.core.raft;

import java.util.List;

/** Clusters of thrifty replicas, led by node 1, and what a test asks of their leader. */
final class Thrifty {
    static final int HEARTBEAT = 6;
    static final int ELECTION = 10;
    static final int LATE = 2;
    static final RaftOptions OPTIONS = RaftOptions.DEFAULT
            .withHeartbeatTicks(HEARTBEAT)
            .withElectionTicks(ELECTION)
            .withLateAnswerTicks(LATE);

    private Thrifty() {}

    /** Everyone has everything, and the turn is anyone's. */
    static RaftCluster calm(int voters, int learners) {
        return calm(OPTIONS, RaftCluster.configuration(voters, learners));
    }

    static RaftCluster calm(RaftOptions options, Configuration configuration) {
        RaftCluster cluster =
                new RaftCluster(options, configuration, 1).startAll().elect(1);
        cluster.run(2 * HEARTBEAT);
        cluster.propose(1, "turn");
        cluster.deliverAll();
        return cluster;
    }

    /** To whom AppendEntries are on their way, ascending. */
    static List<Long> recipients(RaftCluster cluster) {
        return cluster.inFlight(Message.AppendEntries.class).stream()
                .map(Message.AppendEntries::to)
                .sorted()
                .toList();
    }

    /** Of the leader's log. */
    static long lastIndex(RaftCluster cluster) {
        return cluster.core(1).lastId().index();
    }
}
