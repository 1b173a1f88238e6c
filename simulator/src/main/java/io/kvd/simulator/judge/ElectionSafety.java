package io.kvd.simulator.judge;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

import java.util.TreeMap;

/** At most one leader is elected in a term. */
final class ElectionSafety extends Judge {
    private final TreeMap<Long, Long> leaders = new TreeMap<>();
    /** The last one looked up: almost always the next one too. */
    private long lastTerm;

    private long lastLeader;

    ElectionSafety() {
        super("at most one leader a term", "Raft §5.2");
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.RoleTaken taken && taken.role() == RoleName.LEADER) {
            leads(process.host().id(), taken.term());
        }
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        if (message instanceof Message.AppendEntries || message instanceof Message.TimeoutNow) {
            leads(process.host().id(), message.term());
        }
    }

    private void leads(long nodeId, long term) {
        if (term == lastTerm && nodeId == lastLeader) {
            held();
            return;
        }
        Long known = leaders.putIfAbsent(term, nodeId);
        check(
                known == null || known == nodeId,
                "nodes %s and %d lead term %d",
                known,
                nodeId,
                term);
        lastTerm = term;
        lastLeader = nodeId;
    }
}
