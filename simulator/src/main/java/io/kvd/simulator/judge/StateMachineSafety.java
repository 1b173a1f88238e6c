package io.kvd.simulator.judge;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.raft.Run;
import io.kvd.simulator.world.NodeProcess;

/** No two replicas apply different entries at one index. */
final class StateMachineSafety extends Judge {
    private final Ledger ledger;

    StateMachineSafety(Ledger ledger) {
        super("every replica applies the same entries", "Raft §5.4.3");
        this.ledger = ledger;
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        EntryTable committed = ledger.committed();
        for (Run run : batch.runs()) {
            int offset = 0;
            for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                long sum = run.encoded().intAt(offset);
                offset += run.sizeBytesAt(index);
                check(
                        sum == committed.sumAt(index)
                                && run.termAt(index) == committed.termAt(index),
                        "%s applies another entry %d than others, of terms %d and %d",
                        process,
                        index,
                        run.termAt(index),
                        committed.termAt(index));
            }
        }
    }
}
