package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.StorageException;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.simulator.world.DoorFaults.Trap;

/** The snapshots of a simulated process: the store's own work, and what goes wrong with it. */
final class ProcessSnapshots implements SnapshotStore {
    private final SnapshotStore store;
    private final NodeProcess process;

    ProcessSnapshots(SnapshotStore store, NodeProcess process) {
        this.store = store;
        this.process = process;
    }

    @Override
    public SnapshotManifest make(long transfer, long groupId, long generation) {
        process.beforeDoor(Door.SNAPSHOT_MAKE);
        SnapshotManifest manifest = store.make(transfer, groupId, generation);
        process.withinDoor();
        process.afterDoor();
        return manifest;
    }

    @Override
    public Bytes read(long transfer, long position, int maxBytes) {
        process.host()
                .doorFaults()
                .failIf(Trap.STATE_READ, StorageException.Kind.IO, "reading a snapshot");
        return store.read(transfer, position, maxBytes);
    }

    @Override
    public void release(long transfer) {
        process.beforeDoor(Door.SNAPSHOT_RELEASE);
        store.release(transfer);
        process.withinDoor();
        process.afterDoor();
    }

    @Override
    public void receive(long groupId, SnapshotManifest manifest) throws UnusableSnapshotException {
        process.beforeDoor(Door.SNAPSHOT_RECEIVE);
        if (process.isSpaceLow()) {
            throw new UnusableSnapshotException("no room for it: injected");
        }
        store.receive(groupId, manifest);
        process.withinDoor();
        process.afterDoor();
    }

    @Override
    public void write(long groupId, long position, Bytes bytes) {
        process.beforeDoor(Door.SNAPSHOT_WRITE);
        process.host()
                .doorFaults()
                .failIf(Trap.STATE_WRITE, StorageException.Kind.IO, "writing a snapshot");
        store.write(groupId, position, bytes);
        process.withinDoor();
        process.afterDoor();
    }

    @Override
    public void stage(long groupId, long generation) throws UnusableSnapshotException {
        process.beforeDoor(Door.SNAPSHOT_STAGE);
        process.host()
                .doorFaults()
                .failIf(Trap.STATE_FLUSH, StorageException.Kind.IO, "syncing a snapshot");
        store.stage(groupId, generation);
        process.withinDoor();
        process.afterDoor();
    }

    @Override
    public void abandon(long groupId) {
        process.beforeDoor(Door.SNAPSHOT_RELEASE);
        store.abandon(groupId);
        process.withinDoor();
        process.afterDoor();
    }
}
