package io.kvd.client;

import io.kvd.core.client.Outcome;
import io.kvd.protocol.Code;

/** The server said no, and will say no to the same call again. Nothing was applied. */
public final class RefusedException extends KvdException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    RefusedException(Outcome.Refused<?> refused) {
        super(refused.code() + ": " + refused.message());
        this.code = refused.code();
    }

    /** Stable; what each means is in the protocol's description. */
    public Code code() {
        return code;
    }
}
