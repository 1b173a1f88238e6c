package io.kvd.simulator.judge;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeEvents.ReceiveStep;
import io.kvd.core.node.NodeEvents.SendStep;
import io.kvd.core.raft.EntryId;
import io.kvd.simulator.world.NodeProcess;

/** A snapshot that is sent, and one that was installed, ends with a committed entry; who installed it goes on from there. */
final class SnapshotsAreCommitted extends Judge {
    private final Ledger ledger;

    SnapshotsAreCommitted(Ledger ledger) {
        super("a snapshot holds committed entries only", "Raft §7");
        this.ledger = ledger;
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.SnapshotSent sent && sent.step() == SendStep.BEGUN) {
            judge(process, sent.last());
        } else if (event instanceof NodeEvents.SnapshotReceived received
                && received.step() == ReceiveStep.INSTALLED) {
            judge(process, received.last());
            long applied = process.machine().applied().index();
            check(
                    applied >= received.last().index(),
                    "%s installed %s and has applied %d",
                    process,
                    received.last(),
                    applied);
        }
    }

    private void judge(NodeProcess process, EntryId last) {
        EntryTable committed = ledger.committed();
        check(
                committed.contains(last.index()) && committed.termAt(last.index()) == last.term(),
                "a snapshot of %s ends with %s, which was not committed",
                process,
                last);
    }
}
