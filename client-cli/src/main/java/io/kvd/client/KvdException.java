package io.kvd.client;

import io.kvd.core.client.Outcome;

/** A plain call that brought no answer; which of the three kinds decides what the caller may do. */
public abstract sealed class KvdException extends RuntimeException
        permits RefusedException, UnavailableException, OutcomeUnknownException {
    private static final long serialVersionUID = 1L;

    KvdException(String message) {
        super(message);
    }

    /** The value of a served call, or else the exception for what happened instead. */
    static <T> T valueOf(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Ok<T> ok) {
            return ok.value();
        }
        if (outcome instanceof Outcome.Refused<T> refused) {
            throw new RefusedException(refused);
        }
        if (outcome instanceof Outcome.Unavailable<T> unavailable) {
            throw new UnavailableException(unavailable.reason(), unavailable.message());
        }
        if (outcome instanceof Outcome.Unknown<T> unknown) {
            throw new OutcomeUnknownException(unknown.message());
        }
        throw new AssertionError("unhandled " + outcome);
    }
}
