package io.kvd.core.raft;

/**
 * Node ids are positive longs, never reused within a cluster; {@link #NONE} stands for "no node".
 */
public final class NodeId {
    /** No node: an unknown leader, a vote not cast. */
    public static final long NONE = 0;

    private NodeId() {}
}
