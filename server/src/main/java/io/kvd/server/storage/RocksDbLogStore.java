package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.StorageException;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.Run;

import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The durable log in one RocksDB; its format is {@link LogKeys}.
 *
 * <p>{@link #restore} only reads: a directory that the caller then refuses, because it is another node's or damaged, is
 * left as it was. The first {@link #write} opens for writing, and makes the directory if there is none. Written by the
 * raft thread; {@link #load}, {@link #sizeBytes} and {@link #reclaim} may run beside it.
 */
public final class RocksDbLogStore implements LogStore {
    /** Cut away and still on disk: above it a write reclaims by itself. */
    private static final long MAX_CUT_AWAY_BYTES = 64 << 20;

    private final Path directory;
    private final StorageOptions options;
    private final FirstFailure failure = new FirstFailure();
    /** Where each group's log is; changed by the raft thread once a batch is durable. */
    private final ConcurrentSkipListMap<Long, LogExtent> extents = new ConcurrentSkipListMap<>();
    /** Of entries that were cut away since the last {@link #reclaim}. */
    private final AtomicLong cutAwayBytes = new AtomicLong();
    /**
     * Keeps readers on other threads and what they read apart from its being opened and closed: RocksDB crashes the
     * JVM when it is closed under an iterator. The raft thread, which changes what follows, reads it without.
     */
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();

    private Stage stage = Stage.NEW;
    /** At most one; none before {@link #restore}, after {@link #close}, and while there is nothing on disk. */
    private List<LogDatabase> database = List.of();
    /** The database's own lock file, which it holds while it is open for writing. At most one. */
    private List<FileIdentity> lock = List.of();
    /** At most one; there once the database is open for writing. */
    private List<LogBatchWriter> writer = List.of();

    private enum Stage {
        NEW,
        RESTORED,
        WRITING,
        CLOSED
    }

    private RocksDbLogStore(Path directory, StorageOptions options) {
        this.directory = directory;
        this.options = options;
    }

    /** A log in the directory, which need not exist. Nothing is read or written yet. */
    public static RocksDbLogStore at(Path directory, StorageOptions options) {
        NativeLibrary.load();
        return new RocksDbLogStore(directory, options);
    }

    @Override
    public RestoredLog restore() {
        Check.that(stage == Stage.NEW, "restore of a log that is %s", stage);
        stage = Stage.RESTORED;
        DataFiles.checkNotHeadless(directory);
        DataFiles.checkLogFiles(directory);
        if (!LogDatabase.exists(directory)) {
            return new RestoredLog(List.of(), List.of());
        }
        LogDatabase readOnly = LogDatabase.openReadOnly(directory);
        exclusively(() -> database = List.of(readOnly));
        LogReader reader = LogReader.read(readOnly);
        extents.putAll(reader.extents());
        return reader.restored();
    }

    @Override
    public void write(LogBatch batch) {
        Check.that(
                stage == Stage.RESTORED || stage == Stage.WRITING,
                "write to a log that is %s",
                stage);
        failure.check();
        try {
            LogBatchWriter out = openForWriting();
            out.clear();
            for (NodeRecord node : batch.node()) {
                out.put(node);
            }
            List<LogExtent> after = new ArrayList<>(batch.groups().size());
            for (GroupWrite write : batch.groups()) {
                after.add(out.put(write, extentBefore(write)));
            }
            out.persist();
            for (int i = 0; i < after.size(); i++) {
                noteExtent(batch.groups().get(i).groupId(), after.get(i));
            }
        } catch (RocksDBException e) {
            throw failure.record(StorageFailures.of("persisting a log batch in " + directory, e));
        } catch (DamagedException e) {
            throw failure.record(
                    StorageFailures.damaged(directory, String.valueOf(e.getMessage()), e));
        } catch (StorageException e) {
            throw failure.record(e);
        }
        // A flush may have failed behind this batch's back; then nothing more may be acknowledged.
        failure.check();
        if (cutAwayBytes.get() > MAX_CUT_AWAY_BYTES) {
            reclaim();
        }
    }

    private LogBatchWriter openForWriting() {
        if (stage == Stage.RESTORED) {
            exclusively(() -> {
                database.forEach(LogDatabase::close);
                database = List.of();
                DataFiles.makeDirectory(directory);
                LogDatabase opened = LogDatabase.open(directory, options, failure);
                database = List.of(opened);
                lock = List.of(FileIdentity.of(directory.resolve(DirectoryLock.FILE)));
                writer = List.of(new LogBatchWriter(opened, failure));
                stage = Stage.WRITING;
            });
        }
        return writer.get(0);
    }

    private LogExtent extentBefore(GroupWrite write) {
        LogExtent known = extents.get(write.groupId());
        if (known != null) {
            return known;
        }
        Check.that(
                !write.group().isEmpty(),
                "group %d is written without its GROUP record",
                write.groupId());
        return LogExtent.emptyAfter(write.group().get(0).logStart(), 0);
    }

    private void noteExtent(long groupId, LogExtent after) {
        LogExtent before = extents.put(groupId, after);
        if (before != null) {
            cutAwayBytes.addAndGet(after.startPosition() - before.startPosition());
        }
    }

    @Override
    public List<Run> load(long groupId, long fromIndex, long toIndex, int maxBytes) {
        Check.that(fromIndex < toIndex, "load [%d, %d)", fromIndex, toIndex);
        inUse.readLock().lock();
        try {
            LogExtent extent = extents.get(groupId);
            if (database.isEmpty() || extent == null || !extent.contains(fromIndex)) {
                return List.of();
            }
            try (RowCursor runs = database.get(0).scanRuns()) {
                return load(runs, groupId, new Wanted(fromIndex, toIndex, maxBytes));
            }
        } catch (DamagedException e) {
            throw StorageFailures.damaged(
                    directory,
                    "group %d from index %d: %s".formatted(groupId, fromIndex, e.getMessage()),
                    e);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private record Wanted(long fromIndex, long toIndex, int maxBytes) {}

    private static List<Run> load(RowCursor runs, long groupId, Wanted wanted) {
        List<Run> loaded = new ArrayList<>();
        long next = wanted.fromIndex();
        int bytesLeft = wanted.maxBytes();
        boolean more = runs.seekAtOrBefore(LogKeys.runKey(groupId, next));
        while (more && next < wanted.toIndex()) {
            Bytes key = runs.key();
            if (LogKeys.groupIdOf(key) != groupId) {
                break;
            }
            Run run = LogKeys.decodeRun(key, runs.value());
            boolean fits =
                    run.contains(next) && (loaded.isEmpty() || run.sizeBytesAt(next) <= bytesLeft);
            if (!fits) {
                break;
            }
            Run within = run.sliceWithin(next, bytesLeft);
            Run part = within.slice(next, Math.min(within.lastIndex() + 1, wanted.toIndex()));
            loaded.add(part);
            bytesLeft -= part.sizeBytes();
            next = part.lastIndex() + 1;
            more = next > run.lastIndex() && bytesLeft > 0 && runs.next();
        }
        return loaded;
    }

    @Override
    public long sizeBytes(long groupId) {
        LogExtent extent = extents.get(groupId);
        return extent == null ? 0 : extent.sizeBytes();
    }

    /**
     * Gives the space of entries that were cut away back to the file system, but for those that share a file with
     * newer ones. Takes milliseconds for each 16 MiB, so it is for the background thread, after cuts; writes do it
     * themselves only when much has come together.
     *
     * @throws StorageException the node must halt
     */
    public void reclaim() {
        inUse.readLock().lock();
        try {
            if (stage == Stage.WRITING) {
                cutAwayBytes.set(0);
                for (Map.Entry<Long, LogExtent> group : extents.entrySet()) {
                    dropFilesBefore(group.getKey(), group.getValue().logStart().index());
                }
            }
        } catch (RocksDBException e) {
            throw failure.record(StorageFailures.of(
                    "dropping files of the log that was cut in " + directory, e));
        } finally {
            inUse.readLock().unlock();
        }
    }

    private void dropFilesBefore(long groupId, long logStart) throws RocksDBException {
        LogDatabase opened = database.get(0);
        Bytes firstKept = LogKeys.runKey(groupId, logStart + 1);
        try (RowCursor runs = opened.scanRuns()) {
            if (LogReader.seekFirstKept(runs, groupId, logStart)
                    && LogKeys.groupIdOf(runs.key()) == groupId) {
                firstKept = runs.key();
            }
        }
        opened.dropRuns(LogKeys.runKey(groupId, 0), firstKept);
    }

    /** Whether the path leads to the log that is open for writing, if one is. Any thread. */
    void checkInPlace() {
        inUse.readLock().lock();
        try {
            lock.forEach(FileIdentity::check);
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** Whether its files are all there. Any thread. */
    void checkFiles() {
        inUse.readLock().lock();
        try {
            if (stage == Stage.WRITING) {
                LiveFiles.checkWithWal(directory, database.get(0).database());
            }
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** What RocksDB says of itself; nothing while the log is not open. Any thread. */
    public RocksDbNumbers numbers() {
        inUse.readLock().lock();
        try {
            return database.isEmpty() ? RocksDbNumbers.NONE : database.get(0).numbers();
        } finally {
            inUse.readLock().unlock();
        }
    }

    long walSyncs() {
        return database.get(0).walSyncs();
    }

    RocksDB database() {
        return database.get(0).database();
    }

    @Override
    public void close() {
        exclusively(() -> {
            writer.forEach(LogBatchWriter::close);
            database.forEach(LogDatabase::close);
            writer = List.of();
            database = List.of();
            lock = List.of();
            stage = Stage.CLOSED;
        });
    }

    private void exclusively(Runnable change) {
        inUse.writeLock().lock();
        try {
            change.run();
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
