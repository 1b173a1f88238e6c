package io.kvd.client.io;

import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;

/** Takes a call's outcome, exactly once, on the thread that drives the loop. Must not block or throw. */
@FunctionalInterface
public interface Completion {
    void completed(Outcome<Answer> outcome);
}
