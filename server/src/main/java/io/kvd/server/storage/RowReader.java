package io.kvd.server.storage;

import io.kvd.core.base.Bytes;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Point reads with one set of read options: the latest rows or a snapshot's. */
record RowReader(Path directory, RocksDB database, ReadOptions options) {

    Optional<Bytes> get(Bytes key) {
        try {
            return Optional.ofNullable(
                            database.get(options, key.array(), key.offset(), key.length()))
                    .map(Bytes::of);
        } catch (RocksDBException e) {
            throw StorageFailures.of("reading state " + directory, e);
        }
    }

    /** One call for all keys: RocksDB reads their blocks together. */
    List<Optional<Bytes>> multiGet(List<Bytes> keys) {
        List<byte[]> wanted = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            wanted.add(key.compact().array());
        }
        try {
            List<Optional<Bytes>> values = new ArrayList<>(keys.size());
            for (byte[] value : database.multiGetAsList(options, wanted)) {
                values.add(Optional.ofNullable(value).map(Bytes::of));
            }
            return values;
        } catch (RocksDBException e) {
            throw StorageFailures.of("reading state " + directory, e);
        }
    }
}
