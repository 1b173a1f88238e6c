package io.kvd.simulator.world;

import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.RestoredLog;
import io.kvd.simulator.MemoryLogStore;
import io.kvd.simulator.MemorySnapshots;
import io.kvd.simulator.MemoryStateStores;

import java.util.random.RandomGenerator;

/** A data directory in memory. One thread. */
final class MemoryNodeStores implements NodeStores {
    private final MemoryLogStore log = new MemoryLogStore();
    private final MemoryStateStores states = new MemoryStateStores();
    private final MemorySnapshots snapshots = new MemorySnapshots(states);

    @Override
    public LogStore log() {
        return log;
    }

    @Override
    public StateStores states() {
        return states;
    }

    @Override
    public SnapshotStore snapshots() {
        return snapshots;
    }

    @Override
    public void accept(RestoredLog restored) {
        states.accept(restored);
        snapshots.crash();
    }

    @Override
    public void crash(RandomGenerator random) {
        log.crash();
        states.crash(random);
    }

    @Override
    public boolean damage(long groupId, long index) {
        return log.damageIfThere(new MemoryLogStore.EntryLocation(groupId, index));
    }

    @Override
    public void close() {
        log.crash();
    }
}
