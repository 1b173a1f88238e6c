package io.kvd.bench.broken.server.runtime;

import io.kvd.protocol.PeerMessage;

/** Breaks rule 3: only the codec knows how a Raft message looks on the wire. */
public record ReadsRaftMessages(PeerMessage message) {}
