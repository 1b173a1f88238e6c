package io.kvd.server.storage;

import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStores;
import io.kvd.simulator.SnapshotStoreContract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

class RocksDbSnapshotsContractTest extends SnapshotStoreContract {
    @TempDir
    Path data = Path.of("");

    @SuppressWarnings("NullAway.Init") // when they are asked for first, in each test
    private RocksDbStateStores states;

    @SuppressWarnings("NullAway.Init") // with the states
    private RocksDbSnapshots snapshots;

    @Override
    protected StateStores states() {
        if (states == null) {
            start();
        }
        return states;
    }

    @Override
    protected SnapshotStore snapshots() {
        return snapshots;
    }

    private void start() {
        states = new RocksDbStateStores(data.resolve("state"), LogOnDisk.SMALL);
        snapshots = new RocksDbSnapshots(data, states);
    }

    /** The next start deletes what was in transfer: see {@link DataDirectoryTest}. */
    @Override
    protected void crash(RandomGenerator random) {
        states.close();
        DataFiles.deleteTree(data.resolve("incoming"));
        DataFiles.deleteTree(data.resolve("outgoing"));
        start();
    }

    @Override
    protected boolean isThere(long generation) {
        return Files.exists(data.resolve("state/" + GROUP + "/" + generation));
    }

    @Override
    protected boolean holdsNoTransfer() {
        return Stream.of("incoming", "outgoing")
                .allMatch(transfers -> DataFiles.list(data.resolve(transfers)).isEmpty());
    }

    @AfterEach
    void close() {
        states.close();
    }
}
