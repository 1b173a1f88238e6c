package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStores;

import org.junit.jupiter.api.Test;

import java.util.random.RandomGenerator;

class MemorySnapshotsTest extends SnapshotStoreContract {
    private final MemoryStateStores states = new MemoryStateStores();
    private final MemorySnapshots snapshots = new MemorySnapshots(states);

    @Override
    protected StateStores states() {
        return states;
    }

    @Override
    protected SnapshotStore snapshots() {
        return snapshots;
    }

    @Override
    protected void crash(RandomGenerator random) {
        states.crash(random);
        snapshots.crash();
    }

    @Override
    protected boolean isThere(long generation) {
        return states.generations(GROUP).contains(generation);
    }

    @Override
    protected boolean holdsNoTransfer() {
        return snapshots.isEmpty();
    }

    @Test
    void failedStateCannotBeFrozen() {
        ((MemoryStateStore) live()).fail(Kind.IO);

        assertThatThrownBy(() -> snapshots.make(TRANSFER, GROUP, LIVE))
                .isInstanceOf(StorageException.class);
    }
}
