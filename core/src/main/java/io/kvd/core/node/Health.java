package io.kvd.core.node;

import io.kvd.core.node.NodeInput.SpaceLevel;
import io.kvd.core.raft.Fitness;
import io.kvd.core.raft.Fitness.Ability;
import io.kvd.core.raft.RaftCore;

import java.util.Arrays;

/**
 * Whether this node could do a leader's work, as it sees itself. Fit is who has proof of it: a look at the disk that
 * found space. Whatever has this node refuse what clients want, or never answer them, while its raft thread goes on,
 * makes it unfit. Owned by the raft thread.
 */
final class Health {
    /** Of so many log writes the median is told: one that took long, for whatever reason, is no slow disk. */
    private static final int WRITES = 15;

    private final int stuckTicks;
    private final long[] writeMicros = new long[WRITES];
    private long writes;
    private Ability space = Ability.UNKNOWN;
    private boolean stopping;
    /** For so many ticks something was committed and nothing applied. */
    private int idleTicks;

    private long appliedIndex;

    /** @param stuckTicks an apply loop that does nothing for so long although it should is stuck */
    Health(int stuckTicks) {
        this.stuckTicks = stuckTicks;
    }

    void diskSpace(SpaceLevel level) {
        space = level == SpaceLevel.ENOUGH ? Ability.FIT : Ability.UNFIT;
    }

    /** From now on every request is refused. */
    void stops() {
        stopping = true;
    }

    /** A log write took so long; 0 = nobody measured it. */
    void wrote(long nanos) {
        if (nanos > 0) {
            writeMicros[(int) (writes++ % WRITES)] = Math.max(1, nanos / 1_000);
        }
    }

    /** A tick passed: looks at the replica, which says from now on what is seen. */
    void tick(RaftCore core) {
        applied(new Progress(core.appliedIndex(), core.commitIndex()));
        core.candidacy().is(fitness());
    }

    /** How far the apply loop is at a tick, and how far it could be. */
    record Progress(long appliedIndex, long commitIndex) {}

    void applied(Progress now) {
        boolean isIdle = now.appliedIndex() == appliedIndex && appliedIndex < now.commitIndex();
        idleTicks = isIdle ? idleTicks + 1 : 0;
        appliedIndex = now.appliedIndex();
    }

    Fitness fitness() {
        boolean isStuck = idleTicks >= stuckTicks;
        return new Fitness(stopping || isStuck ? Ability.UNFIT : space, medianMicros());
    }

    private long medianMicros() {
        if (writes < WRITES) {
            return 0;
        }
        long[] sorted = writeMicros.clone();
        Arrays.sort(sorted);
        return sorted[WRITES / 2];
    }
}
