package io.kvd.server.net;

import io.kvd.core.base.InvariantViolation;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** What every connection of this node shares. */
record NetContext(
        NetOptions options,
        NetDoors doors,
        Admission admission,
        LocalReplies replies,
        GrievanceLog grievances) {
    private static final int PRESSED_WRITE_MS = 2_000;

    static NetContext of(NetOptions options, NetDoors doors) {
        return new NetContext(
                options,
                doors,
                new Admission(options.budget()),
                new LocalReplies(doors.facts(), options.timeouts().busyRetryMs()),
                new GrievanceLog(doors.nanoTime()));
    }

    long nowNanos() {
        return doors.nanoTime().getAsLong();
    }

    /** How long a write may make no progress: less while others wait for what it holds. */
    int writeMs() {
        int usual = options.timeouts().writeMs();
        boolean isPressed = doors.answers().areAwaited() || admission.freeBytes() == 0;
        return isPressed ? Math.min(usual, PRESSED_WRITE_MS) : usual;
    }

    /**
     * Has a net thread run the task.
     *
     * @return false if that thread is gone, and with it its connections: the server is closing
     */
    boolean run(Executor loop, Runnable task) {
        try {
            loop.execute(() -> guard(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task of a net thread so that a broken invariant halts the node instead of ending in Netty's log. */
    void guard(Runnable task) {
        try {
            task.run();
        } catch (InvariantViolation | Error e) {
            doors.fatal().accept(e);
        }
    }
}
