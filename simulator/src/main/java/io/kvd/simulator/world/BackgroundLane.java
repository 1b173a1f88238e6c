package io.kvd.simulator.world;

import io.kvd.core.node.Work;

import java.util.ArrayDeque;
import java.util.Locale;

/**
 * The background thread of a simulated process. Its tasks run one at a time, in order. While one of them is at a door,
 * the rest of the world goes on: turns of the process's other threads, messages and crashes fall between what the task
 * did before the call and what it does after it.
 */
final class BackgroundLane {
    private final NodeProcess process;
    /** Not begun, in order. */
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    /** When it is done with what it was given. */
    private long freeNanos;
    /** Whether a task was begun and has not ended. */
    private boolean isBusy;
    /** Whether that task is what runs now, and not something that happens while it is at a door. */
    private boolean isRunning;
    /** How many tasks were due while another one was at a door. */
    private int overdue;

    BackgroundLane(NodeProcess process) {
        this.process = process;
    }

    static String nameOf(Work.Background work) {
        return work.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    void post(String kind, Runnable task) {
        tasks.addLast(task);
        freeNanos = Math.max(freeNanos, process.effectNanos()) + process.host().workNanos();
        process.plan(kind, freeNanos, this::runNext);
    }

    private void runNext() {
        if (isBusy) {
            overdue++;
            return;
        }
        isBusy = true;
        isRunning = true;
        tasks.removeFirst().run();
        isRunning = false;
        isBusy = false;
        if (overdue > 0) {
            overdue--;
            process.plan("background", process.effectNanos(), this::runNext);
        }
    }

    /**
     * A door call takes its time. Does nothing if the caller is another thread, whose turns happen at once.
     *
     * @throws ProcessDied the process ended meanwhile
     */
    void atDoor() {
        if (!isRunning) {
            return;
        }
        isRunning = false;
        long elapsed = process.elapsedNanos();
        long end = process.nowNanos() + process.host().workNanos();
        while (!process.isOver() && process.timeline().stepUntil(end)) {
            // One event after the other.
        }
        if (process.isOver()) {
            throw new ProcessDied();
        }
        process.takesTime(elapsed - process.elapsedNanos());
        isRunning = true;
    }
}
