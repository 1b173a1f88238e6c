package io.kvd.server.storage;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;

import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes batches. While RocksDB has no room for one, because flushes do not keep up, the wait is here and not inside:
 * inside it would last for ever once a flush found the disk full, since RocksDB then waits for space. Here a failure
 * in the background ends it. A write that is turned away for lack of room has written nothing.
 */
final class BatchWriter {
    private static final Duration POLL = Duration.ofMillis(1);
    /** Longer than any flush or compaction that moves; a disk that hangs so long has failed. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path directory;
    private final RocksDB database;
    private final WriteOptions options;
    private final FirstFailure failure;

    BatchWriter(Path directory, RocksDB database, WriteOptions options, FirstFailure failure) {
        this.directory = directory;
        this.database = database;
        this.options = options.setNoSlowdown(true);
        this.failure = failure;
    }

    /** @throws StorageException if something failed before, or in the background while it waited for room */
    void write(WriteBatch batch) throws RocksDBException {
        failure.check();
        for (long poll = 0; poll < PATIENCE.dividedBy(POLL); poll++) {
            if (isTaken(batch)) {
                return;
            }
            LockSupport.parkNanos(POLL.toNanos());
            failure.check();
        }
        throw new StorageException(
                Kind.IO,
                "writing to %s: no room in memory after %d s, flushes hang"
                        .formatted(directory, PATIENCE.toSeconds()));
    }

    private boolean isTaken(WriteBatch batch) throws RocksDBException {
        try {
            database.write(options, batch);
            return true;
        } catch (RocksDBException e) {
            Status status = e.getStatus();
            if (status == null || status.getCode() != Status.Code.Incomplete) {
                throw e;
            }
            return false;
        }
    }
}
