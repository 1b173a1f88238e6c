package io.kvd.simulator.judge;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.Run;
import io.kvd.simulator.world.NodeProcess;

/** What is applied is known to be committed, and on this replica's own disk (P2). */
final class AppliedIsCommitted extends Judge {
    private final Ledger ledger;

    AppliedIsCommitted(Ledger ledger) {
        super("only what is committed and persisted here is applied", "Raft §5.3, P2");
        this.ledger = ledger;
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        Run last = batch.runs().get(batch.runs().size() - 1);
        long commitIndex = process.raft().map(RaftCore::commitIndex).orElse(0L);
        EntryTable log = ledger.disk(process.host().id()).log();
        long index = last.lastIndex();
        check(
                index <= commitIndex,
                "%s applies entry %d, and knows of %d as committed",
                process,
                index,
                commitIndex);
        check(
                log.contains(index) && log.termAt(index) == last.termAt(index),
                "%s applies entry %d, which is not on its disk",
                process,
                index);
    }
}
