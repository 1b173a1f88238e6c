package io.kvd.simulator.world;

/** Makes the data directories of a world's nodes: in memory, or real ones that the server hands in. */
@FunctionalInterface
public interface StoreFactory {
    StoreFactory IN_MEMORY = nodeId -> new MemoryNodeStores();

    /** An empty directory. */
    NodeStores make(long nodeId);
}
