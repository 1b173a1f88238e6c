package io.kvd.core.raft;

/**
 * Asks for persisted entries that are no longer in memory: {@code fromIndex} (inclusive) to {@code
 * toIndex} (exclusive), as many as fit into {@code maxBytes} but at least one. The answer is {@link
 * LoadedEntries}, whenever.
 *
 * @param forNode the follower that needs them, or {@link NodeId#NONE} for this replica's own apply
 */
public record LoadRequest(long fromIndex, long toIndex, int maxBytes, long forNode) {
    /** Nothing is asked for. */
    static final LoadRequest NONE = new LoadRequest(0, 0, 0, NodeId.NONE);
}
