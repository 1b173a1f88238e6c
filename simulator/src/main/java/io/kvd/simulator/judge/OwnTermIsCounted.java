package io.kvd.simulator.judge;

import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

/** A leader commits by counting only entries of its own term; earlier ones go with them. */
final class OwnTermIsCounted extends Judge {
    private final Ledger ledger;
    /** By node id: the commit index after its last turn. */
    private final PerNode<Long> commits = new PerNode<>(0L);

    OwnTermIsCounted(Ledger ledger) {
        super("leaders count entries of their own term", "Raft §5.4.2, Figure 8");
        this.ledger = ledger;
    }

    @Override
    public void started(NodeProcess process) {
        commits.remove(process.host().id());
    }

    @Override
    public void turned(NodeProcess process) {
        if (process.raft().isEmpty()) {
            return;
        }
        RaftCore raft = process.raft().get();
        long commitIndex = raft.commitIndex();
        long nodeId = process.host().id();
        long before = commits.get(nodeId);
        if (commitIndex == before) {
            return;
        }
        commits.put(nodeId, commitIndex);
        EntryTable log = ledger.disk(nodeId).log();
        if (raft.role() == RoleName.LEADER && log.contains(commitIndex)) {
            check(
                    log.termAt(commitIndex) == raft.term(),
                    "%s commits entry %d of term %d by counting: %s",
                    process,
                    commitIndex,
                    log.termAt(commitIndex),
                    raft);
        }
    }
}
