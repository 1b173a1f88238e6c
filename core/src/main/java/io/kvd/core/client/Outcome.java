package io.kvd.core.client;

import io.kvd.core.base.Bytes;
import io.kvd.protocol.Code;

import java.util.function.Function;

/**
 * How a call ended. Of the four only {@link Unknown} leaves open whether a write happened, and a definite refusal never
 * looks like it: the outcome is Unknown exactly if some attempt may have been applied and none was answered.
 *
 * @param <T> what a served call brings
 */
public sealed interface Outcome<T> {

    /** The call was served: a write is on a quorum and applied, a read saw the state that its consistency promises. */
    record Ok<T>(T value, Header header) implements Outcome<T> {}

    /**
     * A server said no for a reason that the same call meets again. Nothing was applied.
     *
     * @param limit with TOO_LARGE and other limits, the limit; else 0
     * @param actual with TOO_LARGE and other limits, what was asked; else 0
     */
    record Refused<T>(Code code, String message, long limit, long actual) implements Outcome<T> {}

    /** Nobody served the call in its time. Nothing was applied, so the caller may try again. */
    record Unavailable<T>(Reason reason, String message) implements Outcome<T> {}

    /** The write may have been applied, or may still be. Only for writes. */
    record Unknown<T>(String message) implements Outcome<T> {}

    /** What stood in the way of a call that nobody served. */
    enum Reason {
        /** No known address took the connection, or the only one that mattered didn't. */
        CANNOT_CONNECT,
        /** Nodes answered, but none of them leads or knows who does. */
        NO_LEADER,
        /** The server, or this client's own budget of pending calls, is full. */
        BUSY,
        /** No answer in time. */
        TIMEOUT,
        /** The client was closed. */
        CLOSED
    }

    /**
     * Who answered, and when in the life of the store.
     *
     * @param revision of the store at this answer; 0 for answers that read no store
     */
    record Header(Bytes clusterId, long nodeId, long term, long revision) {}

    /** The same outcome with the value of a served call replaced. */
    default <R> Outcome<R> map(Function<? super T, ? extends R> function) {
        if (this instanceof Ok<T> ok) {
            return new Ok<>(function.apply(ok.value()), ok.header());
        }
        if (this instanceof Refused<T> refused) {
            return new Refused<>(
                    refused.code(), refused.message(), refused.limit(), refused.actual());
        }
        if (this instanceof Unavailable<T> unavailable) {
            return new Unavailable<>(unavailable.reason(), unavailable.message());
        }
        if (this instanceof Unknown<T> unknown) {
            return new Unknown<>(unknown.message());
        }
        throw new AssertionError("unhandled " + this);
    }
}
