package io.kvd.simulator.judge;

import io.kvd.core.node.ApplyInput;
import io.kvd.simulator.world.NodeProcess;

/** What is called committed is on the disks of a majority at that moment. */
final class CommittedIsOnAQuorum extends Judge {
    private final Ledger ledger;
    private long judgedIndex;

    CommittedIsOnAQuorum(Ledger ledger) {
        super("what is committed is on a quorum's disks", "Raft §5.3");
        this.ledger = ledger;
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        long index = ledger.committed().last();
        if (index > judgedIndex) {
            judgedIndex = index;
            int copies = ledger.copiesOf(index);
            int quorum = ledger.disks().size() / 2 + 1;
            check(
                    copies >= quorum,
                    "%s takes entry %d for committed, which is on %d of %d disks",
                    process,
                    index,
                    copies,
                    ledger.disks().size());
        }
    }
}
