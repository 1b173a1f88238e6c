package io.kvd.core.base;

/**
 * The world below a storage door failed: disk, file system, native library. Wrapped once, at the door, with what was
 * being done and where. On the persist path the node halts (P6); nobody retries.
 */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What an operator has to do about it; decides the exit code. */
    public enum Kind {
        /** A write, fsync or read that failed. */
        IO,
        /** No space left on the device. */
        NO_SPACE,
        /** Bytes on disk that are not what was written. */
        DAMAGE,
        /** A directory that is not ours, or that another process holds, or can't be written. */
        REFUSED,
        /** A directory that forgot what it had promised. */
        OLDER_COPY
    }

    private final Kind kind;

    public StorageException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    public StorageException(Kind kind, String sentence, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
