package io.kvd.server.storage;

import io.kvd.core.base.Check;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.WriteBufferManager;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * State directories {@code <root>/<group>/<generation>}, each a RocksDB without WAL and with one column family, so
 * that after a halt it is a point between two batches. All of them share one memory budget. Any thread, but {@link #close}.
 */
public final class RocksDbStateStores implements StateStores, AutoCloseable {
    /** Of the memory, how much write buffers may take; the rest is cache. They are charged to the cache. */
    private static final double WRITE_BUFFER_SHARE = 0.25;

    private static final double INDEX_AND_FILTER_SHARE = 0.3;
    private static final int WRITE_BUFFERS = 3;
    private static final int BLOCK_BYTES = 8 << 10;
    private static final int BLOOM_BITS_A_KEY = 10;
    /** A memtable with a few rows takes so much of the budget. By default 1 MiB, which few groups would use up. */
    private static final long ARENA_BLOCK_BYTES = 32 << 10;

    private static final long FILE_BYTES = 32 << 20;
    private static final long INFO_LOG_BYTES = 1 << 20;
    private static final int INFO_LOGS = 5;

    private final Path root;
    private final long writeBufferBytes;
    private final NativeResources owned = new NativeResources();
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter filter;
    /** By directory; some may be closed meanwhile. */
    private final ConcurrentHashMap<Path, Opened> opened = new ConcurrentHashMap<>();

    private final Statistics statistics;
    /** The one opened last; at most one. */
    private volatile List<RocksDbStateStore> current = List.of();

    /** @param lock RocksDB's own lock file in its directory, which it holds */
    private record Opened(RocksDbStateStore store, FileIdentity lock) {}

    /** @param root {@code data/state} */
    public RocksDbStateStores(Path root, StorageOptions options) {
        NativeLibrary.load();
        this.root = root;
        long shared = (long) (options.stateMemoryBytes() * WRITE_BUFFER_SHARE);
        this.writeBufferBytes = shared / (WRITE_BUFFERS - 1);
        // Not a strict limit: under one, a read that finds the cache full of blocks in use fails.
        this.cache = owned.own(
                new LRUCache(options.stateMemoryBytes(), -1, false, INDEX_AND_FILTER_SHARE));
        this.writeBuffers = owned.own(new WriteBufferManager(shared, cache));
        this.statistics = owned.own(RocksDbNumbers.statistics());
        this.filter = owned.own(new BloomFilter(BLOOM_BITS_A_KEY));
    }

    @Override
    public StateStore open(long groupId, long generation) {
        Path directory = directoryOf(groupId, generation);
        DataFiles.checkNotHeadless(directory);
        DataFiles.checkLogFiles(directory);
        DataFiles.makeDirectory(directory);
        FirstFailure failure = new FirstFailure();
        NativeResources resources = new NativeResources();
        try {
            BackgroundErrors errors = resources.own(new BackgroundErrors(directory, failure));
            Options options = options(resources)
                    .setCreateIfMissing(true)
                    .setStatistics(statistics)
                    .setListeners(List.of(errors));
            RocksDB database = resources.own(RocksDB.open(options, directory.toString()));
            RocksDbStateStore store =
                    new RocksDbStateStore(directory, resources, database, failure);
            FileIdentity lock = FileIdentity.of(directory.resolve(DirectoryLock.FILE));
            opened.put(directory, new Opened(store, lock));
            current = List.of(store);
            return store;
        } catch (RocksDBException e) {
            resources.close();
            throw StorageFailures.opening(directory, e);
        }
    }

    /** What RocksDB says of the state that was opened last; nothing once it is closed. Any thread. */
    public RocksDbNumbers numbers() {
        return current.isEmpty() ? RocksDbNumbers.NONE : current.get(0).numbers(statistics);
    }

    @Override
    public void delete(long groupId, long generation) {
        Path directory = directoryOf(groupId, generation);
        Check.that(openIn(directory).isEmpty(), "state %s is open", directory);
        DataFiles.deleteTree(directory);
    }

    /** The generation's store, which is open. */
    RocksDbStateStore opened(long groupId, long generation) {
        Path directory = directoryOf(groupId, generation);
        return openIn(directory)
                .orElseThrow(
                        () -> new InvariantViolation("state %s is not open".formatted(directory)));
    }

    private Optional<RocksDbStateStore> openIn(Path directory) {
        opened.values().removeIf(open -> open.store().isClosed());
        return Optional.ofNullable(opened.get(directory)).map(Opened::store);
    }

    /** Whether the paths of those that are open lead to them. Any thread. */
    void checkInPlace() {
        for (Opened open : opened.values()) {
            try {
                open.lock().check();
            } catch (StorageException gone) {
                // It may have been closed meanwhile, and deleted.
                if (!open.store().isClosed()) {
                    throw gone;
                }
            }
        }
    }

    /** Whether the files of those that are open are all there. Any thread. */
    void checkFiles() {
        opened.values().forEach(open -> open.store().checkFiles());
    }

    /** Opens a state's files, wherever they are, to read and check them; changes nothing but RocksDB's own LOG. */
    RocksDbStateStore openReadOnly(Path directory) {
        DataFiles.checkLogFiles(directory);
        NativeResources resources = new NativeResources();
        try {
            RocksDB database =
                    resources.own(RocksDB.openReadOnly(options(resources), directory.toString()));
            return new RocksDbStateStore(directory, resources, database, new FirstFailure());
        } catch (RocksDBException e) {
            resources.close();
            throw StorageFailures.opening(directory, e);
        }
    }

    Path directoryOf(long groupId, long generation) {
        return root.resolve(Long.toString(groupId)).resolve(Long.toString(generation));
    }

    private Options options(NativeResources resources) {
        BlockBasedTableConfig tables = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(filter)
                .setWholeKeyFiltering(true)
                .setOptimizeFiltersForMemory(true)
                // Index and filter blocks are in the budget, cut into small ones so that they can
                // leave it.
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true);
        DBOptions database = resources
                .own(TableChecksums.newOptions())
                .setParanoidChecks(true)
                .setWriteBufferManager(writeBuffers)
                // What is not flushed is applied again from the log; a stop must not wait for it.
                .setAvoidFlushDuringShutdown(true)
                .setMaxBgErrorResumeCount(0)
                .setBytesPerSync(1 << 20)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setMaxLogFileSize(INFO_LOG_BYTES)
                .setKeepLogFileNum(INFO_LOGS);
        ColumnFamilyOptions rows = resources
                .own(new ColumnFamilyOptions())
                .setWriteBufferSize(writeBufferBytes)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setArenaBlockSize(ARENA_BLOCK_BYTES)
                .setTargetFileSizeBase(FILE_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(tables);
        return resources.own(new Options(database, rows));
    }

    /**
     * Closes the stores that are still open, which nobody may use any more.
     *
     * @throws io.kvd.core.base.StorageException one is still being read; then what all share stays too
     */
    @Override
    public void close() {
        opened.values().forEach(open -> open.store().close());
        owned.close();
    }
}
