package io.kvd.simulator.world;

import io.kvd.core.base.StorageException;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.Run;
import io.kvd.simulator.world.DoorFaults.Trap;

import java.util.List;

/** The log of a simulated process: the store's own work, its time, and what goes wrong with it. */
final class ProcessLog implements LogStore {
    private final LogStore store;
    private final NodeProcess process;
    private long lastWriteNanos;

    ProcessLog(LogStore store, NodeProcess process) {
        this.store = store;
        this.process = process;
    }

    @Override
    public RestoredLog restore() {
        return store.restore();
    }

    @Override
    public void write(LogBatch batch) {
        process.beforeDoor(Door.of(batch));
        DoorFaults faults = process.host().doorFaults();
        if (faults.springs(Trap.LOG_WRITE_LOST)) {
            throw failed(StorageException.Kind.IO);
        }
        if (faults.springs(Trap.LOG_FULL)) {
            throw failed(StorageException.Kind.NO_SPACE);
        }
        store.write(batch);
        process.observer().persisted(process, batch);
        if (faults.springs(Trap.LOG_WRITE_KEPT)) {
            throw failed(StorageException.Kind.IO);
        }
        process.withinDoor();
        lastWriteNanos = process.host().fsyncNanos();
        process.takesTime(lastWriteNanos);
        process.afterDoor();
    }

    @Override
    public long lastWriteNanos() {
        return lastWriteNanos;
    }

    private static StorageException failed(StorageException.Kind kind) {
        return new StorageException(kind, "persisting a log batch: injected");
    }

    @Override
    public List<Run> load(long groupId, long fromIndex, long toIndex, int maxBytes) {
        process.host()
                .doorFaults()
                .failIf(Trap.LOG_READ, StorageException.Kind.IO, "reading the log");
        return store.load(groupId, fromIndex, toIndex, maxBytes);
    }

    @Override
    public long sizeBytes(long groupId) {
        return store.sizeBytes(groupId);
    }

    @Override
    public void close() {
        store.close();
    }
}
