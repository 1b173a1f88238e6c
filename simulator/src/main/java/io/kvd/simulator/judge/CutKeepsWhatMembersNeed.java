package io.kvd.simulator.judge;

import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.simulator.world.NodeProcess;

import java.util.List;

/** A log is cut only where it is applied here and every member has it: there are no snapshots to send instead. */
final class CutKeepsWhatMembersNeed extends Judge {
    private final Ledger ledger;

    CutKeepsWhatMembersNeed(Ledger ledger) {
        super("the log keeps what a member needs", "P4");
        this.ledger = ledger;
    }

    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        for (LogBatch.GroupWrite write : batch.groups()) {
            for (GroupRecord group : write.group()) {
                judge(process, group.logStart().index());
            }
        }
    }

    private void judge(NodeProcess process, long cut) {
        List<Ledger.Disk> disks = ledger.disks();
        for (int i = 0; i < disks.size() && cut > 0; i++) {
            Ledger.Disk disk = disks.get(i);
            check(
                    disk.isWiped() || disk.log().last() >= cut,
                    "%s cuts its log to %d, and node %d has entries to %d",
                    process,
                    cut,
                    i + 1,
                    disk.log().last());
        }
    }
}
