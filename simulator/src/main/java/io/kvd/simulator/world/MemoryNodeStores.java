package io.kvd.simulator.world;

import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.RestoredLog;
import io.kvd.simulator.MemoryLogStore;
import io.kvd.simulator.MemorySnapshots;
import io.kvd.simulator.MemoryStateStores;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** A data directory in memory. One thread. */
final class MemoryNodeStores implements NodeStores {
    private final MemoryLogStore log;
    private final MemoryStateStores states;
    private final MemorySnapshots snapshots;

    MemoryNodeStores() {
        this(new MemoryLogStore(), new MemoryStateStores());
    }

    private MemoryNodeStores(MemoryLogStore log, MemoryStateStores states) {
        this.log = log;
        this.states = states;
        this.snapshots = new MemorySnapshots(states);
    }

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
    public Optional<NodeStores> copy() {
        return Optional.of(new MemoryNodeStores(log.copy(), states.copy()));
    }

    @Override
    public void close() {
        log.crash();
    }
}
