package io.kvd.bench.runner;

import io.kvd.bench.workload.Load;
import io.kvd.bench.workload.Requests;

import java.util.List;

/** Sends requests from its making on until it is stopped, without pause. */
interface Generator {
    /** How long {@link #stop} waits for the last answers. */
    long PATIENCE_SECONDS = 30;

    static Generator start(Load load, List<Requests> callers, Call.Store store) {
        if (load instanceof Load.InFlight) {
            return new ClosedLoop(callers, store);
        }
        if (load instanceof Load.Rate rate) {
            return new OpenLoop(rate, callers.get(0), store);
        }
        throw new AssertionError("unhandled " + load);
    }

    /**
     * Begins nothing more, and waits for what is under way, which is recorded as all else is. What is not answered in
     * time is recorded as failed.
     */
    void stop() throws InterruptedException;
}
