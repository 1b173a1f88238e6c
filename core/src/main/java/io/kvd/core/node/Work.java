package io.kvd.core.node;

import io.kvd.core.raft.LoadRequest;

import java.util.List;

/**
 * What {@link NodeLoop} hands out to be done elsewhere, at any later moment. The server gives each to its thread, the
 * simulator schedules it; answers come back through the inbox.
 */
public sealed interface Work {

    /** For the apply thread. */
    record Apply(ApplyInput input) implements Work {}

    /** For a read thread: {@link ReadWork#run}. */
    record Read(ReadBatch batch) implements Work {}

    /** For a thread that other reads don't wait for: {@link ReadWork#count}. */
    record Count(ReadBatch batch) implements Work {}

    /** For the background thread: {@link BackgroundWork}, one at a time, in the order in which it was handed out. */
    sealed interface Background extends Work permits Load, Flush, Retire, SnapshotWork {}

    /** Answered by {@link NodeInput.EntriesLoaded}. */
    record Load(long groupId, LoadRequest request) implements Background {}

    /** Answered by {@link NodeInput.Flushed}. */
    record Flush(long groupId) implements Background {}

    /**
     * Closes a state that is no longer live, once nobody reads it, and deletes its directory. Answered by
     * {@link NodeInput.StillRead} if somebody does.
     */
    record Retire(long groupId, RetiredState state) implements Background {}

    /** For the connections. */
    record Reply(List<ClientReply> replies) implements Work {
        public Reply {
            replies = List.copyOf(replies);
        }
    }

    /**
     * This node will do no more: end the process.
     *
     * @param sentence what was found, with its values; empty where the reason says it all
     */
    record End(Reason reason, String sentence) implements Work {}

    enum Reason {
        /** As asked: leadership handed over, what was in flight answered, the state flushed. */
        STOPPED,
        /** The cluster knows another data directory for this node. */
        REFUSED,
        /** The leader has other entries than this node committed: one of them forgot what it promised. */
        CONTRADICTED,
        /** A peer remembers more of this node than it has: it runs on an older copy of its directory. */
        FORGOT
    }
}
