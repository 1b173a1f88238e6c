package io.kvd.server.storage;

import org.rocksdb.RocksDB;

/** The native part of RocksDB. */
final class NativeLibrary {
    private NativeLibrary() {}

    static void load() {
        RocksDB.loadLibrary();
    }
}
