package io.kvd.simulator.judge;

import java.util.ArrayList;
import java.util.List;

/** A value for each node. Looked at in every turn: an index is cheaper than a tree. */
final class PerNode<V> {
    private final V initial;
    /** By node id: ids are small. */
    private final List<V> values = new ArrayList<>();

    PerNode(V initial) {
        this.initial = initial;
    }

    V get(long nodeId) {
        return nodeId < values.size() ? values.get((int) nodeId) : initial;
    }

    void put(long nodeId, V value) {
        while (values.size() <= nodeId) {
            values.add(initial);
        }
        values.set((int) nodeId, value);
    }

    /** The value is the initial one again. */
    void remove(long nodeId) {
        put(nodeId, initial);
    }
}
