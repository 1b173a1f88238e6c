package io.kvd.simulator.world;

/** A host's own clock: may run too fast, too slow, or in steps; never back. Its zero means nothing. */
final class LocalClock {
    private static final long MILLION = 1_000_000;

    private long anchorGlobal;
    private long anchorLocal;
    /** Of how many millionths of a second each second is longer here. */
    private int driftPpm;

    private long stepNanos = 1;

    /** @param originNanos what it shows at the world's beginning */
    LocalClock(long originNanos) {
        this.anchorLocal = originNanos;
    }

    /** What it shows. */
    long at(long globalNanos) {
        long exact = exactAt(globalNanos);
        return stepNanos == 1 ? exact : Math.floorDiv(exact, stepNanos) * stepNanos;
    }

    /** The first moment at which it shows that much. */
    long whenItShows(long localNanos) {
        long target =
                stepNanos == 1 ? localNanos : -Math.floorDiv(-localNanos, stepNanos) * stepNanos;
        long elapsed = target - anchorLocal;
        long global = anchorGlobal
                + (driftPpm == 0 ? elapsed : scaled(elapsed, MILLION, MILLION + driftPpm));
        while (exactAt(global) < target) {
            global++;
        }
        return global;
    }

    void drift(int ppm, long globalNanos) {
        anchorLocal = exactAt(globalNanos);
        anchorGlobal = globalNanos;
        driftPpm = ppm;
    }

    void step(long nanos) {
        stepNanos = Math.max(1, nanos);
    }

    /** What it would show if it moved smoothly. */
    long exactAt(long globalNanos) {
        long elapsed = globalNanos - anchorGlobal;
        return anchorLocal
                + (driftPpm == 0 ? elapsed : scaled(elapsed, MILLION + driftPpm, MILLION));
    }

    // Nanoseconds of years times a million are more than a long holds.
    private static long scaled(long value, long times, long by) {
        return value / by * times + value % by * times / by;
    }
}
