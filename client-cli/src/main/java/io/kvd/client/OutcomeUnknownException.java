package io.kvd.client;

/** The write may have been applied, or may still be. Read before writing again. */
public final class OutcomeUnknownException extends KvdException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(String message) {
        super(message);
    }
}
