package io.kvd.server.runtime;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Life;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeStart;
import io.kvd.core.node.PeerIdentity;
import io.kvd.server.net.NodeFacts;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the network side may know of the node. Written by the raft thread, through its events; read by any. */
final class ServerFacts implements NodeFacts, NodeEvents {
    /** Nobody pays for what nobody looks at: who asks for figures gets them from the second time on. */
    private static final long FIGURES_KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Nobody yet: the port is bound before the data directory says who this is. */
    private volatile PeerIdentity identity = new PeerIdentity(0, Bytes.EMPTY, Life.NONE);

    private volatile Bytes clusterId = Bytes.EMPTY;
    private volatile long term;
    private volatile Map<String, Double> figures = Map.of();
    private volatile long figuresAskedNanos = System.nanoTime() - FIGURES_KEPT_NANOS;

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

    /** Once a second; has figures made if somebody asked for them lately. */
    void measure(Supplier<Map<String, Double>> source) {
        boolean isWanted = System.nanoTime() - figuresAskedNanos < FIGURES_KEPT_NANOS;
        figures = isWanted ? source.get() : Map.of();
    }

    @Override
    public Map<String, Double> figures() {
        figuresAskedNanos = System.nanoTime();
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
