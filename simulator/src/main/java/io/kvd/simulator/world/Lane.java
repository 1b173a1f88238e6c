package io.kvd.simulator.world;

import io.kvd.simulator.engine.Event;

import java.util.ArrayList;
import java.util.List;

/**
 * One thread of a simulated process: sleeps until something comes in or is due, takes all of it in one turn, and is
 * busy for as long as the turn takes.
 */
abstract class Lane<I> {
    private final NodeProcess process;
    private final String name;
    private final List<I> inbox = new ArrayList<>();
    private final PlannedTurn planned = new PlannedTurn();
    private long busyUntilNanos;

    Lane(NodeProcess process, String name) {
        this.process = process;
        this.name = name;
    }

    /**
     * One turn, at the present moment; what it does takes {@link NodeProcess#elapsedNanos}.
     *
     * @param taken all that came in
     * @return when the next turn is due, {@code Long.MAX_VALUE} if none is before something comes in
     */
    abstract long turn(List<I> taken);

    /** Something came in. */
    void post(I input) {
        inbox.add(input);
        wakeAt(process.nowNanos() + process.host().wakeNanos());
    }

    /** A turn is due at that moment, or earlier if one is planned already. */
    void wakeAt(long atNanos) {
        long at = Math.max(Math.max(atNanos, busyUntilNanos), process.nowNanos());
        if (!planned.isPlanned() || planned.atNanos() > at) {
            process.timeline().at(at, planned);
        }
    }

    private void run() {
        if (process.host().isPaused()) {
            process.host().whenResumed(() -> wakeAt(process.nowNanos()));
            return;
        }
        List<I> taken = inbox.isEmpty() ? List.of() : new ArrayList<>(inbox);
        inbox.clear();
        process.guard(() -> {
            long next = turn(taken);
            busyUntilNanos = process.nowNanos() + process.elapsedNanos();
            if (!process.isOver() && next < Long.MAX_VALUE) {
                wakeAt(next);
            }
        });
    }

    private final class PlannedTurn extends Event {
        @Override
        protected boolean isStale() {
            return process.isOver();
        }

        @Override
        protected void happen() {
            run();
        }

        @Override
        protected String kind() {
            return name;
        }

        @Override
        protected long fingerprint() {
            return process.host().id() << 32 ^ inbox.size();
        }

        @Override
        protected String describe() {
            return process + (inbox.isEmpty() ? "" : " " + inbox.size() + " inputs");
        }
    }
}
