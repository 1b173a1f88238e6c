package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.StorageException;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;
import io.kvd.simulator.world.DoorFaults.Trap;

import java.util.List;
import java.util.Optional;

/** The state of a simulated process: the store's own work, and what goes wrong with it. */
final class ProcessState implements StateStore {
    private final StateStore store;
    private final NodeProcess process;

    ProcessState(StateStore store, NodeProcess process) {
        this.store = store;
        this.process = process;
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        failRead();
        return store.get(key);
    }

    @Override
    public List<Optional<Bytes>> multiGet(List<Bytes> keys) {
        failRead();
        return store.multiGet(keys);
    }

    @Override
    public void write(StateBatch batch) {
        process.beforeDoor(Door.STATE_WRITE);
        process.host()
                .doorFaults()
                .failIf(Trap.STATE_WRITE, StorageException.Kind.IO, "writing the state");
        store.write(batch);
        process.withinDoor();
        process.afterDoor();
    }

    @Override
    public StateView view() {
        failRead();
        return store.view();
    }

    @Override
    public Optional<StateView> viewIfOpen() {
        failRead();
        return store.viewIfOpen();
    }

    @Override
    public boolean closeIfUnused() {
        return store.closeIfUnused();
    }

    @Override
    public void flush() {
        process.beforeDoor(Door.STATE_FLUSH);
        process.host()
                .doorFaults()
                .failIf(Trap.STATE_FLUSH, StorageException.Kind.IO, "flushing the state");
        // As far as the crash lets what was not flushed survive.
        process.withinDoor();
        store.flush();
        process.afterDoor();
    }

    @Override
    public Size size() {
        return store.size();
    }

    @Override
    public void close() {
        store.close();
    }

    private void failRead() {
        process.host()
                .doorFaults()
                .failIf(Trap.STATE_READ, StorageException.Kind.IO, "reading the state");
    }
}
