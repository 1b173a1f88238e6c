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
