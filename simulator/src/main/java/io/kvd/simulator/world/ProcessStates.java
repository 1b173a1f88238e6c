package io.kvd.simulator.world;

import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;

/** The state directories of a simulated process. */
final class ProcessStates implements StateStores {
    private final StateStores stores;
    private final NodeProcess process;

    ProcessStates(StateStores stores, NodeProcess process) {
        this.stores = stores;
        this.process = process;
    }

    @Override
    public StateStore open(long groupId, long generation) {
        process.beforeDoor(Door.STATE_OPEN);
        StateStore store = stores.open(groupId, generation);
        process.withinDoor();
        process.afterDoor();
        return new ProcessState(store, process);
    }

    @Override
    public void delete(long groupId, long generation) {
        process.beforeDoor(Door.STATE_DELETE);
        stores.delete(groupId, generation);
        process.withinDoor();
        process.afterDoor();
    }
}
