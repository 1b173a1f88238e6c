package io.kvd.core.kv;

/** A received snapshot is not what its manifest says: damaged, or of a program that this one does not know. */
public final class UnusableSnapshotException extends Exception {
    private static final long serialVersionUID = 1;

    public UnusableSnapshotException(String message) {
        super(message);
    }

    public UnusableSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
