package io.kvd.simulator.judge;

import io.kvd.core.raft.Message;
import io.kvd.core.raft.PeerStatus;
import io.kvd.core.raft.RaftCore;
import io.kvd.simulator.world.NodeProcess;

import java.util.Optional;
import java.util.TreeMap;

/** A leader hands over to who has all of its log, and makes the log no longer meanwhile. */
final class HandOverInOrder extends Judge {
    /** By node id: of who was handing over after its last turn, the last index. */
    private final TreeMap<Long, Long> handingOver = new TreeMap<>();

    HandOverInOrder() {
        super("leadership goes to who has the whole log", "thesis §3.10");
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        Optional<RaftCore> raft = process.raft();
        if (message instanceof Message.TimeoutNow && raft.isPresent()) {
            for (PeerStatus peer : raft.get().peers()) {
                check(
                        peer.nodeId() != message.to()
                                || peer.matchIndex() == raft.get().lastId().index(),
                        "%s hands over to node %d, which has %d of %s",
                        process,
                        peer.nodeId(),
                        peer.matchIndex(),
                        raft.get());
            }
        }
    }

    @Override
    public void turned(NodeProcess process) {
        long nodeId = process.host().id();
        Optional<RaftCore> raft = process.raft();
        if (raft.isEmpty() || !raft.get().isTransferring()) {
            handingOver.remove(nodeId);
            return;
        }
        long lastIndex = raft.get().lastId().index();
        Long before = handingOver.put(nodeId, lastIndex);
        check(
                before == null || before == lastIndex,
                "%s hands over, and its log grew from %s to %d",
                process,
                before,
                lastIndex);
    }

    @Override
    public void started(NodeProcess process) {
        handingOver.remove(process.host().id());
    }
}
