package io.kvd.bench.broken.core.kv;

import org.rocksdb.RocksDB;

/** Breaks rule 3: RocksDB stays behind the doors. */
public record UsesRocksDb(RocksDB database) {}
