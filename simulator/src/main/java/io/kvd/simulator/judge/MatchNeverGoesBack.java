package io.kvd.simulator.judge;

import io.kvd.core.raft.PeerStatus;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

import java.util.Optional;
import java.util.TreeMap;

/** Within a term a leader never comes to believe that a member has less than it had. */
final class MatchNeverGoesBack extends Judge {
    private long term;
    private long leader;
    /** By node id: what that leader of that term knew of it. */
    private final TreeMap<Long, Long> matches = new TreeMap<>();

    MatchNeverGoesBack() {
        super("what a leader knows of its members grows", "Raft Figure 2, matchIndex");
    }

    @Override
    public void turned(NodeProcess process) {
        Optional<RaftCore> raft = process.raft();
        if (raft.isPresent()
                && raft.get().role() == RoleName.LEADER
                && raft.get().term() >= term) {
            follow(process.host().id(), raft.get());
        }
    }

    // Of several that lead, the one of the latest term: a deposed one counts for nobody.
    private void follow(long nodeId, RaftCore raft) {
        if (raft.term() > term || nodeId != leader) {
            term = raft.term();
            leader = nodeId;
            matches.clear();
        }
        for (PeerStatus peer : raft.peers()) {
            Long before = matches.put(peer.nodeId(), peer.matchIndex());
            check(
                    before == null || peer.matchIndex() >= before,
                    "node %d of term %d believes that node %d has %d, after %s",
                    nodeId,
                    term,
                    peer.nodeId(),
                    peer.matchIndex(),
                    before);
        }
    }
}
