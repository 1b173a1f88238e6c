package io.kvd.cli;

import io.kvd.client.Operation;
import io.kvd.core.client.Outcome;

/** One operation, and what becomes of its answer: what a command like put is, alone or in a batch. */
record Exchange<T>(Operation<T> operation, Touch touch, Printer<T> printer) {

    /** Prints a served operation's answer. */
    interface Printer<T> {
        /** Throws a {@link Failure} if the answer is not what the user asked for. */
        void print(Outcome.Ok<T> answer);
    }

    /** Prints what came of it. @throws Failure it did not work, or the answer is not what the user asked for */
    void finish(Outcome<T> outcome, Settings settings) {
        if (outcome instanceof Outcome.Ok<T> ok) {
            printer.print(ok);
        } else {
            throw Failure.of(outcome, settings.tried());
        }
    }
}
