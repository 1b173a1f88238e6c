package io.kvd.simulator.judge;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;

import java.util.ArrayList;
import java.util.List;

/**
 * What the judges share: what is on each member's disk, and what was committed. Told of everything before they are;
 * judges nothing itself.
 */
final class Ledger implements Observer {
    /** Node id i stands at i - 1. */
    private final List<Disk> disks = new ArrayList<>();

    private final EntryTable committed = new EntryTable();

    /**
     * What is durable on one member's disk. Entries that were cut away count: the state has them. Those of a wiped disk
     * count too: who can't vote any more can't elect a leader without them.
     */
    static final class Disk {
        private final EntryTable log = new EntryTable();
        private HardState hardState = HardState.INITIAL;
        private EntryId logStart = EntryId.NONE;
        private long incarnation;
        private long generation = GroupRecord.INITIAL.stateGeneration();
        private boolean wiped;

        EntryTable log() {
            return log;
        }

        HardState hardState() {
            return hardState;
        }

        EntryId logStart() {
            return logStart;
        }

        long incarnation() {
            return incarnation;
        }

        /** Whether it lost what it once had. */
        boolean isWiped() {
            return wiped;
        }
    }

    Ledger(int nodes) {
        for (int i = 0; i < nodes; i++) {
            disks.add(new Disk());
        }
    }

    Disk disk(long nodeId) {
        return disks.get(Math.toIntExact(nodeId) - 1);
    }

    List<Disk> disks() {
        return disks;
    }

    /** What some replica was told to apply: committed, once and for all. */
    EntryTable committed() {
        return committed;
    }

    /** On how many disks the committed entries up to the index are. */
    int copiesOf(long index) {
        int copies = 0;
        for (Disk disk : disks) {
            boolean hasAll =
                    disk.log.contains(index) && disk.log.chainAt(index) == committed.chainAt(index);
            copies += hasAll ? 1 : 0;
        }
        return copies;
    }

    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        Disk disk = disk(process.host().id());
        for (NodeRecord record : batch.node()) {
            disk.incarnation = record.incarnation();
        }
        for (LogBatch.GroupWrite write : batch.groups()) {
            disk.hardState = write.hardState();
            for (GroupRecord group : write.group()) {
                disk.logStart = group.logStart();
                if (group.stateGeneration() > disk.generation) {
                    // Installed: the state has what the log may never have had.
                    disk.generation = group.stateGeneration();
                    disk.log.becomeUpTo(group.logStart().index(), committed);
                }
            }
            if (write.truncateFrom() > 0) {
                disk.log.truncateFrom(write.truncateFrom());
            }
            for (Run run : write.runs()) {
                if (disk.wiped) {
                    disk.log.truncateFrom(run.firstIndex());
                }
                disk.log.append(run);
            }
        }
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        for (Run run : batch.runs()) {
            if (run.lastIndex() > committed.last()) {
                committed.append(run.slice(
                        Math.max(run.firstIndex(), committed.last() + 1), run.lastIndex() + 1));
            }
        }
    }

    @Override
    public void wiped(Host host) {
        disk(host.id()).wiped = true;
    }
}
