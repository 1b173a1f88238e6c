package io.kvd.simulator.world;

import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.StateStore;
import io.kvd.core.node.NodeOptions;
import io.kvd.simulator.engine.Delay;

/**
 * How a world is made.
 *
 * @param nodes how many members; their ids are 1, 2, …
 * @param clients how many clients
 * @param sessions of every client
 * @param node the bounds of every node
 * @param pace how long things take on a host
 * @param delay how long a frame takes
 * @param stores makes the data directories
 */
public record WorldOptions(
        int nodes,
        int clients,
        SessionKnobs sessions,
        NodeOptions node,
        Pace pace,
        Delay delay,
        StoreFactory stores) {

    KvStateMachine open(long groupId, StateStore store) {
        return KvStateMachine.open(groupId, store, node.rowCacheBytes(), sessions.rules());
    }

    /** Which of the network's hosts is for a second process under a running node's id. */
    int imposterNumber() {
        return nodes + clients;
    }

    /** A cluster in one data centre, on in-memory stores, without clients. */
    public static WorldOptions of(int nodes, NodeOptions node) {
        return new WorldOptions(
                nodes,
                0,
                SessionKnobs.USUAL,
                node,
                Pace.USUAL,
                Delay.between(50_000, 1_000_000),
                StoreFactory.IN_MEMORY);
    }
}
