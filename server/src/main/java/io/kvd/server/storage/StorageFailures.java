package io.kvd.server.storage;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.node.DirectoryRules;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes of what RocksDB and the file system throw the one exception of the doors, once, with its kind. */
final class StorageFailures {
    private StorageFailures() {}

    /** A call on an open database failed. */
    static StorageException of(String doing, RocksDBException cause) {
        return new StorageException(kindOf(cause), doing + ": " + cause.getMessage(), cause);
    }

    /** Opening a database failed: what may not be opened is refused, what is missing or makes no sense is damage. */
    static StorageException opening(Path directory, RocksDBException cause) {
        Kind kind = kindOf(cause);
        boolean held =
                saying(cause, "lock hold by current process") || saying(cause, "While lock file");
        if (held && kind == Kind.IO) {
            return new StorageException(
                    Kind.REFUSED,
                    "refusing to start: %s is in use by another process".formatted(directory),
                    cause);
        }
        if (kind == Kind.IO && isClosedToThisUser(cause)) {
            return new StorageException(
                    Kind.REFUSED,
                    "refusing to start: %s can't be written by this user: %s; change its owner or mode"
                            .formatted(directory, cause.getMessage()),
                    cause);
        }
        boolean incomplete = kind == Kind.IO
                && (saying(cause, "No such file or directory") || !isIoError(cause));
        if (kind == Kind.DAMAGE || incomplete) {
            return damaged(directory, String.valueOf(cause.getMessage()), cause);
        }
        return new StorageException(
                kind, "opening %s: %s".formatted(directory, cause.getMessage()), cause);
    }

    /** Bytes in the directory are not what was written. */
    static StorageException damaged(Path directory, String what, Throwable cause) {
        return new StorageException(
                Kind.DAMAGE,
                "%s is damaged: %s. %s".formatted(directory, what, DirectoryRules.REPLACE_NODE),
                cause);
    }

    /** The file system failed. */
    static StorageException of(String doing, IOException cause) {
        Kind kind = saysNoSpace(cause) ? Kind.NO_SPACE : Kind.IO;
        return new StorageException(kind, "%s: %s".formatted(doing, cause), cause);
    }

    private static Kind kindOf(RocksDBException cause) {
        Optional<Status> status = Optional.ofNullable(cause.getStatus());
        boolean noSpace =
                status.map(s -> s.getSubCode() == Status.SubCode.NoSpace).orElse(false);
        if (noSpace || saysNoSpace(cause)) {
            return Kind.NO_SPACE;
        }
        boolean corruption =
                status.map(s -> s.getCode() == Status.Code.Corruption).orElse(false)
                        || saying(cause, "Corruption");
        return corruption ? Kind.DAMAGE : Kind.IO;
    }

    private static boolean isIoError(RocksDBException cause) {
        return Optional.ofNullable(cause.getStatus())
                .map(s -> s.getCode() == Status.Code.IOError)
                .orElse(false);
    }

    /** The operator's choice, not the disk's failure. */
    private static boolean isClosedToThisUser(RocksDBException cause) {
        return saying(cause, "Permission denied")
                || saying(cause, "Operation not permitted")
                || saying(cause, "Read-only file system");
    }

    private static boolean saysNoSpace(Exception cause) {
        return saying(cause, "No space left on device") || saying(cause, "Disk quota exceeded");
    }

    private static boolean saying(Exception cause, String words) {
        return String.valueOf(cause.getMessage()).contains(words);
    }
}
