package io.kvd.client;

import java.time.Duration;

/**
 * How calls are made; a {@link KvdClient} holds the ones it uses, {@link KvdClient#with} makes a view with others.
 *
 * @param timeout of a whole call, retries included; a call ends by then, whatever happens
 */
public record CallOptions(Duration timeout, Consistency consistency, Writes writes) {

    public static final CallOptions DEFAULT =
            new CallOptions(Duration.ofSeconds(5), Consistency.LINEARIZABLE, Writes.EXACTLY_ONCE);

    /** What happens to a write whose answer is lost. */
    public enum Writes {
        /** It is repeated through the client's session, which the cluster applies once. */
        EXACTLY_ONCE,
        /** It is never repeated, and its outcome is unknown. Saves the session: for programs that write once. */
        WITHOUT_SESSION
    }

    public CallOptions {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("a call needs at least 1 ms: " + timeout);
        }
    }

    public CallOptions withTimeout(Duration newTimeout) {
        return new CallOptions(newTimeout, consistency, writes);
    }

    public CallOptions withConsistency(Consistency newConsistency) {
        return new CallOptions(timeout, newConsistency, writes);
    }

    public CallOptions withWrites(Writes newWrites) {
        return new CallOptions(timeout, consistency, newWrites);
    }
}
