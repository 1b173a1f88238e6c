package io.kvd.simulator.judge;

import io.kvd.core.node.LogBatch;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.NodeId;
import io.kvd.simulator.world.NodeProcess;

import java.util.TreeMap;

/** A member votes for at most one candidate in a term, over restarts and wiped disks too. */
final class OneVoteATerm extends Judge {
    /** By node id, by term: for whom. */
    private final TreeMap<Long, TreeMap<Long, Long>> votes = new TreeMap<>();

    OneVoteATerm() {
        super("at most one vote a term", "Raft §5.2");
    }

    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        for (LogBatch.GroupWrite write : batch.groups()) {
            HardState state = write.hardState();
            if (state.votedFor() != NodeId.NONE) {
                votes(process.host().id(), state.term(), state.votedFor());
            }
        }
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        boolean isVote =
                message instanceof Message.VoteReply reply && reply.vote() == Message.Vote.GRANTED;
        if (isVote) {
            votes(process.host().id(), message.term(), message.to());
        }
    }

    private void votes(long nodeId, long term, long candidate) {
        Long known =
                votes.computeIfAbsent(nodeId, id -> new TreeMap<>()).putIfAbsent(term, candidate);
        check(
                known == null || known == candidate,
                "node %d votes for %s and for %d in term %d",
                nodeId,
                known,
                candidate,
                term);
    }
}
