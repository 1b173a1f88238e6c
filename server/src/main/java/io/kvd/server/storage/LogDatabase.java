package io.kvd.server.storage;

import io.kvd.core.base.Bytes;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The log's RocksDB: its options and column families.
 *
 * <p>Runs have a family of their own and are never deleted by tombstones when the log is cut: keys only grow, so each
 * flushed file covers a stretch of the log that no other file does, moves down a level as it is, and is dropped whole
 * once the log begins after it. Nothing is ever compacted but after a truncation. In one family with the hard state,
 * which is in every batch, every file would overlap every other. Both families flush together, so that no WAL is
 * kept alive by the small one.
 */
final class LogDatabase implements AutoCloseable {
    /** More than any log has: two levels, of which the second never overflows into a third. */
    private static final int LEVELS = 2;

    private static final int BLOCK_BYTES = 32 << 10;
    private static final long BLOCK_CACHE_BYTES = 2 << 20;
    private static final long INFO_LOG_BYTES = 1 << 20;
    private static final int INFO_LOGS = 5;
    private static final Bytes RUNS = Bytes.utf8("runs");

    private final Path directory;
    private final NativeResources owned;
    private final RocksDB database;
    private final Statistics statistics;
    private final ColumnFamilyHandle records;
    private final ColumnFamilyHandle runs;

    private LogDatabase(
            Path directory,
            NativeResources owned,
            RocksDB database,
            Statistics statistics,
            List<ColumnFamilyHandle> families) {
        this.directory = directory;
        this.statistics = statistics;
        this.owned = owned;
        this.database = database;
        this.records = families.get(0);
        this.runs = families.get(1);
    }

    /** Whether there is a log to be read, if only an empty one: a birth may have been cut short. */
    static boolean exists(Path directory) {
        return Files.exists(directory.resolve("CURRENT"))
                && familiesOf(directory).contains(RUNS);
    }

    /** Opens for reading and changes nothing on disk but RocksDB's own LOG. The WAL is read into memory. */
    static LogDatabase openReadOnly(Path directory) {
        NativeResources owned = new NativeResources();
        try {
            Statistics statistics = owned.own(RocksDbNumbers.statistics());
            DBOptions options = options(owned);
            List<ColumnFamilyHandle> families = new ArrayList<>();
            RocksDB database = owned.own(RocksDB.openReadOnly(
                    options,
                    directory.toString(),
                    families(owned, StorageOptions.DEFAULT),
                    families));
            families.forEach(owned::own);
            return new LogDatabase(directory, owned, database, statistics, families);
        } catch (RocksDBException e) {
            owned.close();
            throw StorageFailures.opening(directory, e);
        }
    }

    /**
     * Opens for writing, making what is missing. What the WAL holds is in SSTs when it returns, and the WAL gone.
     *
     * @param failure told of what fails on RocksDB's threads
     */
    static LogDatabase open(Path directory, StorageOptions storage, FirstFailure failure) {
        NativeResources owned = new NativeResources();
        try {
            BackgroundErrors errors = owned.own(new BackgroundErrors(directory, failure));
            Statistics statistics = owned.own(RocksDbNumbers.statistics());
            DBOptions options = options(owned)
                    .setStatistics(statistics)
                    .setCreateIfMissing(true)
                    .setCreateMissingColumnFamilies(true)
                    .setListeners(List.of(errors));
            List<ColumnFamilyHandle> families = new ArrayList<>();
            RocksDB database = owned.own(RocksDB.open(
                    options, directory.toString(), families(owned, storage), families));
            families.forEach(owned::own);
            LogDatabase opened = new LogDatabase(directory, owned, database, statistics, families);
            opened.mergeSmallTables(storage.logWriteBufferBytes());
            return opened;
        } catch (RocksDBException e) {
            owned.close();
            throw StorageFailures.opening(directory, e);
        }
    }

    // Nothing of RocksDB's own runs meanwhile: it would take the same tables.
    private void mergeSmallTables(long tableBytes) throws RocksDBException {
        database.pauseBackgroundWork();
        try {
            SmallTables.merge(database, runs, LEVELS - 1, tableBytes);
        } finally {
            database.continueBackgroundWork();
        }
    }

    /** Any thread. */
    RocksDbNumbers numbers() {
        try {
            return RocksDbNumbers.of(database, statistics);
        } catch (RocksDBException e) {
            throw StorageFailures.of("measuring the log in " + directory, e);
        }
    }

    private static List<Bytes> familiesOf(Path directory) {
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .map(Bytes::of)
                    .toList();
        } catch (RocksDBException e) {
            throw StorageFailures.opening(directory, e);
        }
    }

    private static DBOptions options(NativeResources owned) {
        Properties noSetterInJava = new Properties();
        // A WAL that is missing, or shorter than it was when it was synced and closed, is an error.
        noSetterInJava.setProperty("track_and_verify_wals_in_manifest", "true");
        return owned.own(DBOptions.getDBOptionsFromProps(noSetterInJava))
                // A torn last record is accepted, anything else in a WAL is refused. The default
                // (point in time)
                // silently drops all that follows a damaged byte, fsynced and acknowledged or not.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setRecycleLogFileNum(0)
                .setParanoidChecks(true)
                .setAtomicFlush(true)
                // Nothing retries (P6): the first failure stops the node.
                .setMaxBgErrorResumeCount(0)
                .setBytesPerSync(1 << 20)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setMaxLogFileSize(INFO_LOG_BYTES)
                .setKeepLogFileNum(INFO_LOGS);
    }

    private static List<ColumnFamilyDescriptor> families(
            NativeResources owned, StorageOptions storage) {
        BlockBasedTableConfig tables = new BlockBasedTableConfig()
                .setBlockSize(BLOCK_BYTES)
                .setBlockCache(owned.own(new LRUCache(BLOCK_CACHE_BYTES)));
        ColumnFamilyOptions records = owned.own(new ColumnFamilyOptions())
                .setWriteBufferSize(storage.logWriteBufferBytes())
                // As many as runs have: they are switched together, and the one with fewer would
                // stall both.
                .setMaxWriteBufferNumber(StorageOptions.LOG_WRITE_BUFFERS)
                .setCompressionType(CompressionType.NO_COMPRESSION);
        ColumnFamilyOptions runs = owned.own(new ColumnFamilyOptions())
                .setWriteBufferSize(storage.logWriteBufferBytes())
                .setMaxWriteBufferNumber(StorageOptions.LOG_WRITE_BUFFERS)
                .setNumLevels(LEVELS)
                .setLevelCompactionDynamicLevelBytes(false)
                // A flushed file moves to the last level at once, since only there files are
                // dropped whole.
                .setLevel0FileNumCompactionTrigger(1)
                .setTargetFileSizeBase(storage.logWriteBufferBytes())
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setTableFormatConfig(tables);
        return List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, records),
                new ColumnFamilyDescriptor(RUNS.toArray(), runs));
    }

    Path directory() {
        return directory;
    }

    /** NODE, HARD_STATE and GROUP. */
    ColumnFamilyHandle records() {
        return records;
    }

    ColumnFamilyHandle runs() {
        return runs;
    }

    /** Writes batches that are durable when it returns: one fsync each. */
    BatchWriter persistingWriter(FirstFailure failure) {
        return new BatchWriter(
                directory, database, owned.own(new WriteOptions()).setSync(true), failure);
    }

    /** A cursor over all NODE, HARD_STATE and GROUP records. */
    RowCursor scanRecords() {
        return scan(records, Bytes.EMPTY);
    }

    /** A cursor over all runs of all groups, as of now. */
    RowCursor scanRuns() {
        return scan(runs, Bytes.EMPTY);
    }

    private RowCursor scan(ColumnFamilyHandle family, Bytes from) {
        NativeResources cursor = new NativeResources();
        // Runs are read once and in order; they would only drive each other out of the cache.
        ReadOptions options = cursor.own(new ReadOptions()).setFillCache(false);
        return new RowCursor(
                cursor.own(database.newIterator(family, options)),
                cursor,
                directory.toString(),
                from);
    }

    /** Drops the files that hold nothing but runs with keys below {@code to}, and their space. */
    void dropRuns(Bytes from, Bytes to) throws RocksDBException {
        database.deleteFilesInRanges(runs, List.of(from.toArray(), to.toArray()), false);
    }

    /** Reads every block of every SST and compares its checksum. */
    void verifyChecksums() {
        try {
            database.verifyChecksum();
        } catch (RocksDBException e) {
            throw StorageFailures.opening(directory, e);
        }
    }

    /** How often a WAL was synced since this was opened for writing. */
    long walSyncs() {
        return statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
    }

    RocksDB database() {
        return database;
    }

    @Override
    public void close() {
        owned.close();
    }
}
