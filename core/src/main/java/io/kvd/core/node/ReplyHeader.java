package io.kvd.core.node;

import io.kvd.core.base.Bytes;

/** What every answer says of who answered: node, term, and cluster (empty while unborn). */
public record ReplyHeader(long nodeId, long term, Bytes clusterId) {}
