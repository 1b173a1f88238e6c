package io.kvd.core.raft;

import java.util.List;

/**
 * What of the log the members still need, as far as this replica knows: by this it is cut (P4).
 *
 * @param minMatchIndex what lies at or below it every member has; 0 while that is unknown
 * @param catchUps of members that are brought up by a snapshot, by node id; empty if this replica
 *     does not lead
 */
public record LogNeeds(long minMatchIndex, List<NeededFrom> catchUps) {
    /**
     * A member that is brought up needs the log from here on, until it is level.
     *
     * @param fromIndex the first entry that it lacks behind its snapshot
     * @param snapshotBytes the snapshot's size; 0 while that is unknown
     * @param overtakenCount snapshots that it was sent in vain, since less log than it then needed
     *     was kept
     */
    public record NeededFrom(long fromIndex, long snapshotBytes, int overtakenCount) {}

    public LogNeeds {
        catchUps = List.copyOf(catchUps);
    }

    static LogNeeds ofFollower(long minMatchIndex) {
        return new LogNeeds(minMatchIndex, List.of());
    }
}
