package io.kvd.server.storage;

import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.simulator.StateStoreContract;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.random.RandomGenerator;

class RocksDbStateStoreContractTest extends StateStoreContract {
    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init") // by JUnit, before each test
    private RocksDbStateStores stores;

    @Override
    protected StateStore open() {
        stores = new RocksDbStateStores(directory, StorageOptions.DEFAULT);
        return stores.open(1, 1);
    }

    @Override
    protected StateStores stores() {
        return stores;
    }

    /** What is not flushed is in memory only, and closing does not flush it. */
    @Override
    protected void crash(StateStore opened, RandomGenerator random) {
        opened.close();
        stores.close();
    }
}
