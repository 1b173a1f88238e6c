package io.kvd.simulator.judge;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

/** Who is elected has every entry that was committed before. */
final class LeaderCompleteness extends Judge {
    private final Ledger ledger;

    LeaderCompleteness(Ledger ledger) {
        super("leaders have what was committed", "Raft §5.4");
        this.ledger = ledger;
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.RoleTaken taken && taken.role() == RoleName.LEADER) {
            EntryTable log = ledger.disk(process.host().id()).log();
            long index = ledger.committed().last();
            // Entries of later terms can be committed before a leader of an earlier one notices.
            boolean isOfEarlierTerm = index > 0 && ledger.committed().termAt(index) < taken.term();
            if (isOfEarlierTerm) {
                check(
                        log.contains(index)
                                && log.chainAt(index) == ledger.committed().chainAt(index),
                        "%s leads term %d without committed entry %d of term %d",
                        process,
                        taken.term(),
                        index,
                        ledger.committed().termAt(index));
            }
        }
    }
}
