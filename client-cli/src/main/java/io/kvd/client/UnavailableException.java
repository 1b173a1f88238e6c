package io.kvd.client;

import io.kvd.core.client.Outcome;

/** Nobody served the call in its time. Nothing was applied: the same call may be made again. */
public final class UnavailableException extends KvdException {
    private static final long serialVersionUID = 1L;

    private final Outcome.Reason reason;

    UnavailableException(Outcome.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Outcome.Reason reason() {
        return reason;
    }
}
