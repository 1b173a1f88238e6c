package io.kvd.simulator.run;

import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;

/** Numbers a run's operations, and counts how they ended. */
final class OperationCount {
    private long begun;
    private long served;
    private long unknown;
    private long failed;

    /** The number of the next one, from 1. */
    long next() {
        return ++begun;
    }

    void ended(Outcome<Answer> outcome) {
        if (outcome instanceof Outcome.Ok<Answer>) {
            served++;
        } else if (outcome instanceof Outcome.Unknown<Answer>) {
            unknown++;
        } else {
            failed++;
        }
    }

    RunResult.Operations ended() {
        return new RunResult.Operations(served, unknown, failed);
    }
}
