package io.kvd.core.node;

import io.kvd.core.base.Bytes;

/** Who is at the other end of a peer connection, as its handshake says: node, data directory, and which life of it. */
public record PeerIdentity(long nodeId, Bytes storeId, long incarnation) {}
