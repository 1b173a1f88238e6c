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

    /**
     * One call for all keys: RocksDB reads their blocks together. It gives null for a row that it can't read too, so
     * absence is asked for again, one by one, which a bloom filter makes cheap.
     */
    List<Optional<Bytes>> multiGet(List<Bytes> keys) {
        List<byte[]> wanted = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            wanted.add(key.compact().array());
        }
        try {
            List<byte[]> found = database.multiGetAsList(options, wanted);
            List<Optional<Bytes>> values = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                byte[] value = found.get(i);
                values.add(value == null ? get(keys.get(i)) : Optional.of(Bytes.of(value)));
            }
            return values;
        } catch (RocksDBException e) {
            throw StorageFailures.of("reading state " + directory, e);
        }
    }
}
