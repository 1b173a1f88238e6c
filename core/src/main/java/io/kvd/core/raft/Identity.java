package io.kvd.core.raft;

/**
 * Who a replica is.
 *
 * @param incarnation counts this node's starts; answers to requests of an earlier life are dropped
 */
public record Identity(long groupId, long nodeId, long incarnation) {}
