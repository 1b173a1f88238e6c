package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.StorageException;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.node.NodeInput;
import io.kvd.simulator.world.DoorFaults.Trap;

import java.util.List;

/** The snapshots of a simulated process: the store's own work, and what goes wrong with it. */
final class ProcessSnapshots implements SnapshotStore {
    private final SnapshotStore store;
    private final NodeProcess process;

    ProcessSnapshots(SnapshotStore store, NodeProcess process) {
        this.store = store;
        this.process = process;
    }

    @Override
    public SnapshotManifest make(long shipment, long groupId, long generation) {
        process.beforeDoor(Door.SNAPSHOT_MAKE);
        SnapshotManifest manifest = store.make(shipment, groupId, generation);
        process.withinDoor();
        process.afterDoor();
        return manifest;
    }

    @Override
    public Bytes read(long shipment, long position, int maxBytes) {
        process.host()
                .doorFaults()
                .failIf(Trap.STATE_READ, StorageException.Kind.IO, "reading a snapshot");
        return store.read(shipment, position, maxBytes);
    }

    @Override
    public void release(long shipment) {
        process.beforeDoor(Door.SNAPSHOT_RELEASE);
        store.release(shipment);
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

    /** Whether the disk is nearly full once these were taken in, as far as the process was told. */
    static boolean isLowAfter(boolean wasLow, List<NodeInput> taken) {
        boolean isLow = wasLow;
        for (NodeInput input : taken) {
            if (input instanceof NodeInput.DiskSpace space) {
                isLow = space.level() == NodeInput.SpaceLevel.LOW;
            }
        }
        return isLow;
    }
}
