package io.kvd.server.storage;

import io.kvd.core.kv.StateStore;
import io.kvd.simulator.StateStoreContract;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.random.RandomGenerator;

class RocksDbStateStoreContractTest extends StateStoreContract {
    @TempDir
    Path directory = Path.of("");

    @Override
    protected StateStore open() {
        return new RocksDbStateStores(directory, StorageOptions.DEFAULT).open(1, 1);
    }

    @Override
    protected void crash(StateStore opened, RandomGenerator random) {
        opened.close();
    }
}
