package io.kvd.simulator.judge;

import io.kvd.core.base.InvariantViolation;
import io.kvd.core.raft.Invariants;
import io.kvd.core.raft.RaftCore;
import io.kvd.simulator.world.NodeProcess;

import java.util.List;

/**
 * Of one replica: log start, applied, handed out, commit and last index are in order; none goes back within a life;
 * one vote and one leader a term.
 */
final class IndexesInOrder extends Judge {
    /** At most one each: that after the life's last turn. */
    private final PerNode<List<Invariants.Moment>> moments = new PerNode<>(List.of());

    IndexesInOrder() {
        super("a replica's indexes are in order", "Raft §5.3, Figure 2");
    }

    @Override
    public void started(NodeProcess process) {
        moments.remove(process.host().id());
    }

    @Override
    public void turned(NodeProcess process) {
        if (process.raft().isEmpty()) {
            return;
        }
        RaftCore raft = process.raft().get();
        List<Invariants.Moment> before = moments.get(process.host().id());
        try {
            Invariants.Moment now = Invariants.checkNumbers(
                    raft, before.isEmpty() ? Invariants.momentOf(raft) : before.get(0));
            moments.put(process.host().id(), List.of(now));
        } catch (InvariantViolation broken) {
            throw violation("%s: %s", process, broken);
        }
        held();
    }
}
