package io.kvd.core.node;

import io.kvd.core.raft.NodeId;

/**
 * The member that a node, which does not lead itself, takes for the leader.
 *
 * @param nodeId {@link NodeId#NONE} if it knows none
 * @param clientAddress where clients find it, as far as this node knows; empty if it knows none
 */
public record LeaderHint(long nodeId, String clientAddress) {
    static final LeaderHint NONE = new LeaderHint(NodeId.NONE, "");
}
