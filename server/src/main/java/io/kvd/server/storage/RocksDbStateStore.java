package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.StorageException;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;

import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One state directory. Written by the apply thread; {@link #view}, {@link #flush} and {@link #size} on any. Everybody
 * who is inside is counted, and {@link #close} waits for them.
 */
final class RocksDbStateStore implements StateStore {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);
    private static final long KEPT_BATCH_BYTES = 4 << 20;

    private final Path directory;
    private final NativeResources owned;
    private final RocksDB database;
    private final FirstFailure failure;
    private final UsageGate gate;
    private final RowReader latest;
    private final BatchWriter writer;
    private final FlushOptions waiting;
    /** Reused; apply thread. */
    private WriteBatch rows = new WriteBatch();
    /** Set once, by who closes. */
    private volatile boolean closed;

    /** @param owned what lives as long as the database, itself included */
    RocksDbStateStore(
            Path directory, NativeResources owned, RocksDB database, FirstFailure failure) {
        this.directory = directory;
        this.owned = owned;
        this.database = database;
        this.failure = failure;
        this.gate = new UsageGate("state " + directory);
        this.latest = new RowReader(directory, database, owned.own(new ReadOptions()));
        WriteOptions withoutWal = owned.own(new WriteOptions()).setDisableWAL(true);
        this.writer = new BatchWriter(directory, database, withoutWal, failure);
        this.waiting = owned.own(new FlushOptions()).setWaitForFlush(true).setAllowWriteStall(true);
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        gate.enter();
        try {
            return latest.get(key);
        } finally {
            gate.leave();
        }
    }

    @Override
    public List<Optional<Bytes>> multiGet(List<Bytes> keys) {
        gate.enter();
        try {
            return latest.multiGet(keys);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void write(StateBatch batch) {
        gate.enter();
        try {
            fill(batch);
            writer.write(rows);
        } catch (RocksDBException e) {
            throw failure.record(StorageFailures.of("writing to state " + directory, e));
        } finally {
            gate.leave();
        }
    }

    private void fill(StateBatch batch) throws RocksDBException {
        if (rows.getDataSize() > KEPT_BATCH_BYTES) {
            rows.close();
            rows = new WriteBatch();
        }
        rows.clear();
        for (Map.Entry<Bytes, Optional<Bytes>> row : batch.rows().entrySet()) {
            byte[] key = row.getKey().compact().array();
            if (row.getValue().isPresent()) {
                rows.put(key, row.getValue().get().compact().array());
            } else {
                rows.delete(key);
            }
        }
    }

    @Override
    public StateView view() {
        gate.enter();
        return new RocksDbStateView(directory, database, gate);
    }

    @Override
    public Optional<StateView> viewIfOpen() {
        return gate.tryEnter()
                ? Optional.of(new RocksDbStateView(directory, database, gate))
                : Optional.empty();
    }

    @Override
    public boolean closeIfUnused() {
        if (!closed && gate.closeIfEmpty()) {
            free();
        }
        return closed;
    }

    @Override
    public void flush() {
        gate.enter();
        try {
            failure.check();
            database.flush(waiting);
            failure.check();
        } catch (RocksDBException e) {
            throw failure.record(StorageFailures.of("flushing state " + directory, e));
        } finally {
            gate.leave();
        }
    }

    /** Whether its files are all there; nothing if it is closed. Any thread. */
    void checkFiles() {
        if (!gate.tryEnter()) {
            return;
        }
        try {
            LiveFiles.check(directory, database);
        } finally {
            gate.leave();
        }
    }

    @Override
    public Size size() {
        gate.enter();
        try {
            return new Size(
                    database.getLongProperty("rocksdb.total-sst-files-size"),
                    // The write buffers are charged to the cache, which all states share.
                    database.getLongProperty("rocksdb.block-cache-usage")
                            + database.getLongProperty("rocksdb.estimate-table-readers-mem"),
                    database.getLongProperty("rocksdb.estimate-num-keys"));
        } catch (RocksDBException e) {
            throw StorageFailures.of("measuring state " + directory, e);
        } finally {
            gate.leave();
        }
    }

    /**
     * Makes of the rows as of now, or a moment later, a directory that no later write changes: files that are never
     * written to again are shared with this one by hard links, the others are copied.
     *
     * @param target to be made; its parent is there, on the same file system
     * @throws StorageException what was to be flushed is not, or there is no space; the node must halt
     */
    void checkpoint(Path target) {
        flush();
        gate.enter();
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(target.toString());
            failure.check();
        } catch (RocksDBException e) {
            throw StorageFailures.of(
                    "checkpoint of state %s in %s".formatted(directory, target), e);
        } finally {
            gate.leave();
        }
    }

    /** Nothing once it is closed. */
    RocksDbNumbers numbers(Statistics statistics) {
        if (!gate.tryEnter()) {
            return RocksDbNumbers.NONE;
        }
        try {
            return RocksDbNumbers.of(database, statistics);
        } catch (RocksDBException e) {
            throw StorageFailures.of("measuring state " + directory, e);
        } finally {
            gate.leave();
        }
    }

    /**
     * Reads every table and compares its checksum.
     *
     * @throws io.kvd.core.base.DamagedException naming the table
     */
    void verifyChecksums() {
        gate.enter();
        try {
            TableChecksums.check(directory, database);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!gate.closeWithin(CLOSE_PATIENCE)) {
            // Left open: better than a crash of the JVM under whoever is still reading.
            throw new StorageException(
                    StorageException.Kind.IO,
                    "closing state %s: still being read after %d s"
                            .formatted(directory, CLOSE_PATIENCE.toSeconds()));
        }
        free();
    }

    boolean isClosed() {
        return closed;
    }

    private void free() {
        closed = true;
        rows.close();
        owned.close();
    }
}
