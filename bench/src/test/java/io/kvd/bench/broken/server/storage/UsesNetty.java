package io.kvd.bench.broken.server.storage;

import io.netty.buffer.ByteBuf;

/** Breaks rule 3: Netty stays in the rooms of the network. */
public record UsesNetty(ByteBuf bytes) {}
