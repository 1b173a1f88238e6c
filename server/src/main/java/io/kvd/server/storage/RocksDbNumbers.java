package io.kvd.server.storage;

import org.rocksdb.HistogramType;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

import java.util.EnumSet;
import java.util.concurrent.TimeUnit;

/**
 * What RocksDB says of one database, as of one moment; what is counted begins at 0 with the process.
 *
 * @param fileBytes of its SST files
 * @param memtableBytes of write buffers, those being flushed included
 * @param pendingCompactionBytes what compaction has yet to rewrite
 * @param writesHeldUp 1 while RocksDB slows down or stops writes, else 0
 * @param stallNanos how long writes were held up
 * @param flushedBytes written by flushes
 * @param compactedBytes written by compactions
 * @param cacheBytes of blocks in the cache
 */
public record RocksDbNumbers(
        long fileBytes,
        long memtableBytes,
        long pendingCompactionBytes,
        long runningCompactions,
        long writesHeldUp,
        long stallNanos,
        long flushedBytes,
        long compactedBytes,
        long cacheBytes,
        long cacheHits,
        long cacheMisses) {
    /** Of a database that is not open. */
    public static final RocksDbNumbers NONE = new RocksDbNumbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Counts only: histograms would look at the clock twice for each read and write. */
    static Statistics statistics() {
        return new Statistics(EnumSet.allOf(HistogramType.class));
    }

    /** Takes microseconds, and the database's lock. */
    static RocksDbNumbers of(RocksDB database, Statistics statistics) throws RocksDBException {
        boolean isHeldUp = database.getLongProperty("rocksdb.is-write-stopped") > 0
                || database.getLongProperty("rocksdb.actual-delayed-write-rate") > 0;
        return new RocksDbNumbers(
                database.getAggregatedLongProperty("rocksdb.total-sst-files-size"),
                database.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables"),
                database.getAggregatedLongProperty("rocksdb.estimate-pending-compaction-bytes"),
                database.getLongProperty("rocksdb.num-running-compactions"),
                isHeldUp ? 1 : 0,
                TimeUnit.MICROSECONDS.toNanos(statistics.getTickerCount(TickerType.STALL_MICROS)),
                statistics.getTickerCount(TickerType.FLUSH_WRITE_BYTES),
                statistics.getTickerCount(TickerType.COMPACT_WRITE_BYTES),
                database.getLongProperty("rocksdb.block-cache-usage"),
                statistics.getTickerCount(TickerType.BLOCK_CACHE_HIT),
                statistics.getTickerCount(TickerType.BLOCK_CACHE_MISS));
    }
}
