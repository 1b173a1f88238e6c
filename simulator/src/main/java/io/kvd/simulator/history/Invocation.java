package io.kvd.simulator.history;

import io.kvd.core.base.Check;

/**
 * One operation of a history, from its call to what became of it. Times are of any clock that all clients share and
 * that does not go back.
 */
public record Invocation(long client, Operation operation, long callNanos, Outcome outcome) {
    public Invocation {
        Check.that(
                outcome.returnNanos() >= callNanos,
                "returned at %d ns, called at %d ns",
                outcome.returnNanos(),
                callNanos);
        if (outcome instanceof Ok ok) {
            Check.that(
                    ok.response().answers(operation),
                    "%s does not answer %s",
                    ok.response(),
                    operation);
        }
    }

    /** How an operation ended. */
    public sealed interface Outcome {
        /** When the client knew; for {@link Unknown}, when it gave up. */
        long returnNanos();
    }

    /** Took effect between call and return, and was answered this. */
    public record Ok(Response response, long returnNanos) implements Outcome {}

    /** Has not taken effect and never will. */
    public record Failed(long returnNanos) implements Outcome {}

    /** May have taken effect at any time after its call, may still do so, or never. */
    public record Unknown(long returnNanos) implements Outcome {}
}
