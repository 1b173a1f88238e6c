package io.kvd.core.node;

import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Command;

import java.util.List;

/** What {@link ApplyLoop} is told. */
public sealed interface ApplyInput {
    long groupId();

    /**
     * Committed entries, persisted here, to be applied in order (P2).
     *
     * @param header for the replies
     * @param runs follow the last batch without a gap
     * @param waiting the writes of this node's clients among them, ascending by index
     */
    record ApplyBatch(long groupId, ReplyHeader header, List<Run> runs, List<WaitingWrite> waiting)
            implements ApplyInput {
        public ApplyBatch {
            runs = List.copyOf(runs);
            waiting = List.copyOf(waiting);
        }
    }

    /** @param command parsed when the request came, so that the leader doesn't parse it again */
    record WaitingWrite(EntryId id, RequestOrigin origin, Command command) {}

    /** The generation is live from now on: what comes next is applied to it. Answered by {@link NodeInput.StateSwitched}. */
    record SwitchState(long groupId, long generation) implements ApplyInput {}

    /** Which sessions' time is up at this log time? Answered by {@link NodeInput.SessionsExpirable} if any. */
    record ScanSessions(long groupId, long logTimeMs) implements ApplyInput {}
}
