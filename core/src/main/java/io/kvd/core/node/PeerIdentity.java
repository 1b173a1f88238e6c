package io.kvd.core.node;

import io.kvd.core.base.Bytes;

/** Who is at the other end of a peer connection, as its handshake says: node, data directory, and which life of it. */
public record PeerIdentity(long nodeId, Bytes storeId, long incarnation) {
    /**
     * Whether this is a later life of the same directory than the other one, so that the other one is over. Another
     * directory, or an earlier life, says nothing of it: anybody may say so.
     */
    public boolean succeeds(PeerIdentity other) {
        return nodeId == other.nodeId
                && storeId.equals(other.storeId)
                && incarnation > other.incarnation;
    }
}
