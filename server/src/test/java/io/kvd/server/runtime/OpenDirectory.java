package io.kvd.server.runtime;

import io.kvd.server.storage.DataDirectory;
import io.kvd.server.storage.DirectoryPresence;
import io.kvd.server.storage.RocksDbLogStore;
import io.kvd.server.storage.RocksDbStateStores;
import io.kvd.server.storage.StorageOptions;

import java.nio.file.Path;

/** A data directory that is held, without a node. */
final class OpenDirectory implements AutoCloseable {
    private final DataDirectory data;
    private final RocksDbLogStore log;
    private final RocksDbStateStores states;

    OpenDirectory(Path path) {
        data = DataDirectory.open(path);
        log = RocksDbLogStore.at(data.logDirectory(), StorageOptions.DEFAULT);
        states = new RocksDbStateStores(data.stateDirectory(), StorageOptions.DEFAULT);
    }

    DirectoryPresence presence() {
        return new DirectoryPresence(data, log, states);
    }

    @Override
    public void close() {
        states.close();
        log.close();
        data.close();
    }
}
