package io.kvd.core.node;

import io.kvd.core.raft.NodeId;

/**
 * A stop that was asked for: finish what is in flight, hand leadership over, flush, end. Each step is bounded; a kill
 * at any point is as safe as ever. Owned by the raft thread.
 */
final class GracefulStop {
    private enum Phase {
        RUNNING,
        DRAINING,
        HANDING_OVER,
        FLUSHING,
        ENDED
    }

    private final int phaseTicks;
    private Phase phase = Phase.RUNNING;
    private int ticksLeft;

    GracefulStop(NodeOptions options) {
        this.phaseTicks = options.stopTicks();
    }

    void request() {
        if (phase == Phase.RUNNING) {
            enter(Phase.DRAINING);
        }
    }

    void tick() {
        ticksLeft--;
    }

    /** An unborn node has nothing to finish. */
    void stepUnborn(TurnOutput out) {
        if (phase == Phase.DRAINING) {
            end(out);
        }
    }

    /** Goes on as far as this turn allows. */
    void step(Replica replica, TurnOutput out) {
        if (phase == Phase.DRAINING && (replica.isQuiet() || ticksLeft <= 0)) {
            enter(Phase.HANDING_OVER);
            if (canHandOver(replica)) {
                replica.core().transferLeadership(NodeId.NONE);
            }
        }
        if (phase == Phase.HANDING_OVER && (!canHandOver(replica) || ticksLeft <= 0)) {
            enter(Phase.FLUSHING);
            replica.flush(out);
        } else if (phase == Phase.FLUSHING && !replica.trimmer().isFlushing()) {
            end(out);
        }
    }

    private void enter(Phase next) {
        phase = next;
        ticksLeft = phaseTicks;
    }

    private void end(TurnOutput out) {
        phase = Phase.ENDED;
        out.work(new Work.End(Work.Reason.STOPPED, ""));
    }

    private static boolean canHandOver(Replica replica) {
        return replica.leads() && replica.core().configuration().voterCount() > 1;
    }
}
