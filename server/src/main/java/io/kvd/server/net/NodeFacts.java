package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.PeerIdentity;

import java.util.Map;

/** What this node says of itself in handshakes and answers. Asked on net threads; what it tells may change. */
public interface NodeFacts {
    /** Node, data directory and the life of it. Fixed before the first connection is accepted or dialled. */
    PeerIdentity identity();

    /** 16 bytes; empty while unborn. */
    Bytes clusterId();

    /** The term that this node last reported; 0 if none. */
    long term();

    /**
     * What this node counts and measures, by name, not older than a second or two. Does not wait: empty the first time
     * after a while that nobody asked.
     */
    Map<String, Double> figures();

    /** Program and version. */
    String program();
}
