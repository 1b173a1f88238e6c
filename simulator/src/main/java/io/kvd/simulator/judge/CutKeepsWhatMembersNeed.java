package io.kvd.simulator.judge;

import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.simulator.world.NodeProcess;

import java.util.List;

/**
 * A log is cut only where every member has it, or behind as much log as is retained for who lacks it, or while the disk
 * is nearly full; a snapshot takes the place of any log.
 */
final class CutKeepsWhatMembersNeed extends Judge {
    private final Ledger ledger;
    private final long retainBytes;
    private final PerNode<Long> generations = new PerNode<>(GroupRecord.INITIAL.stateGeneration());

    CutKeepsWhatMembersNeed(Ledger ledger, long retainBytes) {
        super("the log keeps what a member needs", "P4");
        this.ledger = ledger;
        this.retainBytes = retainBytes;
    }

    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        for (LogBatch.GroupWrite write : batch.groups()) {
            for (GroupRecord group : write.group()) {
                long nodeId = process.host().id();
                if (group.stateGeneration() == generations.get(nodeId)
                        && process.logBytes() < retainBytes
                        && !process.isSpaceLow()) {
                    judge(process, group.logStart().index());
                }
                generations.put(nodeId, group.stateGeneration());
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
