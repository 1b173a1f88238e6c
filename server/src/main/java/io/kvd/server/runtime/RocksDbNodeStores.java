package io.kvd.server.runtime;

import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.RestoredLog;
import io.kvd.server.storage.DataDirectory;
import io.kvd.server.storage.RocksDbLogStore;
import io.kvd.server.storage.RocksDbSnapshots;
import io.kvd.server.storage.RocksDbStateStores;
import io.kvd.server.storage.StorageOptions;
import io.kvd.simulator.world.NodeStores;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A simulated node's data directory on the real stores. A crash closes them without flushing: of the log all is
 * durable, of the state what was flushed. One thread.
 */
final class RocksDbNodeStores implements NodeStores {
    /** Small write buffers, so that a short run meets more than one file. */
    private static final StorageOptions OPTIONS = new StorageOptions(64 << 10, 16 << 20);

    private final TempDirectory directory = TempDirectory.inMemory("kvd-simulate-");
    /** At most one each: those of the present life. */
    private List<DataDirectory> data = List.of();

    private List<RocksDbLogStore> log = List.of();
    private List<RocksDbStateStores> states = List.of();

    @Override
    public LogStore log() {
        data = List.of(DataDirectory.open(directory.path()));
        log = List.of(RocksDbLogStore.at(data.get(0).logDirectory(), OPTIONS));
        return log.get(0);
    }

    @Override
    public void accept(RestoredLog restored) {
        data.get(0).accept(restored);
    }

    @Override
    public StateStores states() {
        states = List.of(new RocksDbStateStores(data.get(0).stateDirectory(), OPTIONS));
        return states.get(0);
    }

    @Override
    public SnapshotStore snapshots() {
        return new RocksDbSnapshots(directory.path(), states.get(0));
    }

    @Override
    public void crash(RandomGenerator random) {
        states.forEach(RocksDbStateStores::close);
        states = List.of();
        log.forEach(RocksDbLogStore::close);
        log = List.of();
        data.forEach(DataDirectory::close);
        data = List.of();
    }

    /** Tests of the stores themselves flip bits in their files. */
    @Override
    public boolean damage(long groupId, long index) {
        return false;
    }

    @Override
    public Optional<NodeStores> copy() {
        return Optional.empty();
    }

    @Override
    public void close() {
        states.forEach(RocksDbStateStores::close);
        log.forEach(RocksDbLogStore::close);
        data.forEach(DataDirectory::close);
        directory.close();
    }
}
