package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Life;

/** Who is at the other end of a peer connection, as its handshake says: node, data directory, and which life of it. */
public record PeerIdentity(long nodeId, Bytes storeId, Life life) {
    public long incarnation() {
        return life.incarnation();
    }

    /**
     * Whether this is a later life of the same directory than the other one, so that the other one is over. Another
     * directory, or an earlier life, says nothing of it: anybody may say so.
     */
    public boolean succeeds(PeerIdentity other) {
        return nodeId == other.nodeId
                && storeId.equals(other.storeId)
                && incarnation() > other.incarnation();
    }
}
