package io.kvd.server.net;

/** This node can't listen where it was told to. The message is the whole sentence for the operator. */
public final class ListenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ListenException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
