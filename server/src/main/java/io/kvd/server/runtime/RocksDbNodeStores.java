package io.kvd.server.runtime;

import io.kvd.core.kv.StateStores;
import io.kvd.core.node.LogStore;
import io.kvd.server.storage.RocksDbLogStore;
import io.kvd.server.storage.RocksDbStateStores;
import io.kvd.server.storage.StorageOptions;
import io.kvd.simulator.world.NodeStores;

import java.util.List;
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
    private List<RocksDbLogStore> log = List.of();

    private List<RocksDbStateStores> states = List.of();

    @Override
    public LogStore log() {
        log = List.of(RocksDbLogStore.at(directory.path().resolve("log"), OPTIONS));
        return log.get(0);
    }

    @Override
    public StateStores states() {
        states = List.of(new RocksDbStateStores(directory.path().resolve("state"), OPTIONS));
        return states.get(0);
    }

    @Override
    public void crash(RandomGenerator random) {
        states.forEach(RocksDbStateStores::close);
        states = List.of();
        log.forEach(RocksDbLogStore::close);
        log = List.of();
    }

    /** Tests of the stores themselves flip bits in their files. */
    @Override
    public boolean damage(long groupId, long index) {
        return false;
    }

    @Override
    public void close() {
        states.forEach(RocksDbStateStores::close);
        log.forEach(RocksDbLogStore::close);
        directory.close();
    }
}
