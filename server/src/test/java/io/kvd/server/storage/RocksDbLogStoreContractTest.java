package io.kvd.server.storage;

import io.kvd.core.node.LogStore;
import io.kvd.simulator.LogStoreContract;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class RocksDbLogStoreContractTest extends LogStoreContract {
    @TempDir
    Path directory = Path.of("");

    @Override
    protected LogStore open() {
        // Small write buffers, so that a short test meets flushed files and more than one WAL.
        return RocksDbLogStore.at(directory.resolve("log"), new StorageOptions(64 << 10, 16 << 20));
    }

    @Override
    protected void kill(LogStore opened) {
        opened.close();
    }
}
