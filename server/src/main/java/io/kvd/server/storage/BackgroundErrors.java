package io.kvd.server.storage;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;

import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.Status;

import java.nio.file.Path;

/**
 * Hears of flushes and compactions that failed on RocksDB's threads, which nobody waits for.
 *
 * <p>RocksDB has more reasons than rocksdbjni knows: 5, say, is a flush of what no WAL holds, such as a state's. For
 * those rocksdbjni fails before it comes here and prints an IllegalArgumentException on the standard error; the method
 * that fails is private, and every callback that tells a reason has the same one. No failure is lost by it: a flush
 * that fails for that reason closes the database to writes, so the next one throws, with the flush's status. To
 * listen no more would lose some: a compaction that finds the disk full lets writes go on, and is told only here.
 */
final class BackgroundErrors extends AbstractEventListener {
    private final Path directory;
    private final FirstFailure failure;

    BackgroundErrors(Path directory, FirstFailure failure) {
        super(EnabledEventCallback.ON_BACKGROUND_ERROR);
        this.directory = directory;
        this.failure = failure;
    }

    @Override
    public void onBackgroundError(BackgroundErrorReason reason, Status status) {
        Kind kind = status.getSubCode() == Status.SubCode.NoSpace
                ? Kind.NO_SPACE
                : status.getCode() == Status.Code.Corruption ? Kind.DAMAGE : Kind.IO;
        failure.record(new StorageException(
                kind,
                "%s of %s in the background: %s %s"
                        .formatted(reason, directory, status.getCodeString(), status.getState())));
    }
}
