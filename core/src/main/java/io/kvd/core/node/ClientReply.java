package io.kvd.core.node;

import io.kvd.core.base.Bytes;

/** @param body a serialised {@code io.kvd.protocol.Reply}: the whole body of a frame */
public record ClientReply(RequestOrigin to, Bytes body) {}
