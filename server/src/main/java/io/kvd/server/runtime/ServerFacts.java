package io.kvd.server.runtime;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeStart;
import io.kvd.core.node.PeerIdentity;
import io.kvd.server.net.NodeFacts;

import java.util.Map;

/** What the network side may know of the node. Written by the raft thread, through its events; read by any. */
final class ServerFacts implements NodeFacts, NodeEvents {
    /** Nobody yet: the port is bound before the data directory says who this is. */
    private volatile PeerIdentity identity = new PeerIdentity(0, Bytes.EMPTY, 0);

    private volatile Bytes clusterId = Bytes.EMPTY;
    private volatile long term;
    private volatile Map<String, Double> figures = Map.of();

    /** Before the first connection is accepted or dialled. */
    void know(NodeStart start) {
        identity = start.identity();
        clusterId = start.record().clusterId();
    }

    @Override
    public void happened(Event event) {
        if (event instanceof Born born) {
            clusterId = born.clusterId();
        } else if (event instanceof RoleTaken taken) {
            term = taken.term();
        }
    }

    /** Once a second. */
    void measured(Map<String, Double> now) {
        figures = now;
    }

    @Override
    public Map<String, Double> figures() {
        return figures;
    }

    @Override
    public PeerIdentity identity() {
        return identity;
    }

    @Override
    public Bytes clusterId() {
        return clusterId;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public String program() {
        return "kvd " + VersionCommand.version();
    }
}
