package io.kvd.server.runtime;

import io.kvd.server.metrics.NodeMetrics;
import io.kvd.server.metrics.ServerMetric;
import io.kvd.server.storage.RocksDbNumbers;

import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** One RocksDB's numbers, looked at once a second: whoever reads the metrics never waits for its lock. */
final class StorageMetrics {
    private final NodeMetrics metrics;
    private final String name;
    private final Supplier<RocksDbNumbers> source;

    /** Set by the metrics thread. */
    private volatile RocksDbNumbers numbers = RocksDbNumbers.NONE;

    /** @param name of the database, a label */
    StorageMetrics(NodeMetrics metrics, String name, Supplier<RocksDbNumbers> source) {
        this.metrics = metrics;
        this.name = name;
        this.source = source;
        read(ServerMetric.ROCKSDB_FILES, RocksDbNumbers::fileBytes);
        read(ServerMetric.ROCKSDB_MEMTABLES, RocksDbNumbers::memtableBytes);
        read(ServerMetric.ROCKSDB_CACHE, RocksDbNumbers::cacheBytes);
        read(ServerMetric.ROCKSDB_CACHE_HITS, RocksDbNumbers::cacheHits);
        read(ServerMetric.ROCKSDB_CACHE_MISSES, RocksDbNumbers::cacheMisses);
        read(ServerMetric.ROCKSDB_FLUSHED, RocksDbNumbers::flushedBytes);
        read(ServerMetric.ROCKSDB_COMPACTED, RocksDbNumbers::compactedBytes);
        read(ServerMetric.ROCKSDB_COMPACTION_PENDING, RocksDbNumbers::pendingCompactionBytes);
        read(ServerMetric.ROCKSDB_COMPACTIONS, RocksDbNumbers::runningCompactions);
        read(ServerMetric.ROCKSDB_HELD_UP, RocksDbNumbers::writesHeldUp);
        read(ServerMetric.ROCKSDB_STALL, RocksDbNumbers::stallNanos);
    }

    private void read(ServerMetric metric, ToLongFunction<RocksDbNumbers> number) {
        metrics.read(metric, () -> number.applyAsLong(numbers), name);
    }

    /** Metrics thread. */
    void look() {
        numbers = source.get();
    }
}
