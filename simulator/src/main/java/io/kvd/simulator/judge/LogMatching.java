package io.kvd.simulator.judge;

import io.kvd.core.node.LogBatch;
import io.kvd.core.raft.Run;
import io.kvd.simulator.world.NodeProcess;

import java.util.ArrayList;
import java.util.List;

/** If two logs hold an entry of one index and term, they are equal up to it. */
final class LogMatching extends Judge {
    private final Ledger ledger;
    /** By index: of each term that was ever persisted there, the chain up to it. */
    private final List<List<Known>> byIndex = new ArrayList<>();

    private record Known(long term, long chain, long nodeId) {}

    LogMatching(Ledger ledger) {
        super("equal entries follow equal logs", "Raft §5.3, Log Matching");
        this.ledger = ledger;
        byIndex.add(List.of());
    }

    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        long nodeId = process.host().id();
        EntryTable log = ledger.disk(nodeId).log();
        for (LogBatch.GroupWrite write : batch.groups()) {
            for (Run run : write.runs()) {
                for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                    judge(nodeId, index, log);
                }
            }
        }
    }

    private void judge(long nodeId, long index, EntryTable log) {
        while (byIndex.size() <= index) {
            byIndex.add(new ArrayList<>(1));
        }
        List<Known> known = byIndex.get((int) index);
        long term = log.termAt(index);
        long chain = log.chainAt(index);
        for (Known other : known) {
            if (other.term() == term) {
                check(
                        other.chain() == chain,
                        "nodes %d and %d have entry %d of term %d after different logs",
                        other.nodeId(),
                        nodeId,
                        index,
                        term);
                return;
            }
        }
        known.add(new Known(term, chain, nodeId));
    }
}
