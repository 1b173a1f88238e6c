package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.List;

/**
 * All that must happen outside after a step, in this order: send {@code messagesNow}; persist what
 * {@link #mustPersist} says, as one batch with one fsync; send {@code messagesAfterPersist}; hand
 * over the rest; {@code RaftCore.advance}.
 *
 * @param hardState the current one; rewritten in every batch that touches the group
 * @param hardStateChanged whether it differs from the last persisted one
 * @param entriesToPersist runs that follow each other, to be appended after the truncation
 * @param truncateFrom delete the log from this index on first; 0 = nothing
 * @param logStart the log is cut up to and including this entry; {@link EntryId#NONE} = not cut now
 * @param messagesNow of a leader whose term is persisted: AppendEntries, pieces of snapshots and
 *     TimeoutNow; of anyone: pre-vote and read-index requests
 * @param messagesAfterPersist everything else, every answer included, also a refusal that carries a
 *     term learned in this turn (P1)
 * @param committed committed and persisted here, to be applied in order (P2); at most maxApplyBytes
 *     outstanding
 * @param entriesToLoad entries that are needed and no longer in memory
 * @param confirmedReads reads that may be served once their index is applied
 * @param refusedReads reads that this replica can't confirm any more: the office was lost, or no
 *     leader is known
 * @param snapshotMessages pieces of snapshots from the leader, or answers to those that this leader
 *     sent: to be looked at after {@code RaftCore.advance}, once their term is persisted
 * @param roleChanges what this replica became in this step, oldest first; mostly empty
 */
public record Ready(
        HardState hardState,
        boolean hardStateChanged,
        List<Run> entriesToPersist,
        long truncateFrom,
        EntryId logStart,
        List<Message> messagesNow,
        List<Message> messagesAfterPersist,
        List<Run> committed,
        List<LoadRequest> entriesToLoad,
        List<ConfirmedRead> confirmedReads,
        List<ReadId> refusedReads,
        List<Message> snapshotMessages,
        List<RoleChange> roleChanges) {

    /**
     * A role taken; {@code leaderId} is {@link NodeId#NONE} while unknown. Also reported when only
     * the leader changed.
     */
    public record RoleChange(RoleName role, long term, long leaderId) {}

    public Ready {
        for (Message message : messagesNow) {
            Check.that(
                    mayLeaveBeforePersist(message, hardStateChanged),
                    "must wait for the persist: %s",
                    message);
        }
    }

    /** Whether anything must be fsynced before {@code messagesAfterPersist} may leave. */
    public boolean mustPersist() {
        return hardStateChanged
                || !entriesToPersist.isEmpty()
                || truncateFrom > 0
                || !logStart.equals(EntryId.NONE);
    }

    // The leader may send before its own fsync (thesis §10.2.1), since it counts itself only after
    // it; a term that is not on disk yet may not be claimed in office.
    private static boolean mayLeaveBeforePersist(Message message, boolean hardStateChanged) {
        if (message instanceof Message.AppendEntries
                || message instanceof Message.InstallSnapshot
                || message instanceof Message.TimeoutNow) {
            return !hardStateChanged;
        }
        return message instanceof Message.PreVoteRequest
                || message instanceof Message.ReadIndexRequest;
    }
}
