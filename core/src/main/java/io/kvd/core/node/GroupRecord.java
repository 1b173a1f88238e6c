package io.kvd.core.node;

import io.kvd.core.raft.EntryId;

/**
 * Where a group's log and state begin.
 *
 * @param logStart the last entry that was cut away; {@link EntryId#NONE} if none was
 * @param stateGeneration the live state directory (P5)
 */
public record GroupRecord(EntryId logStart, long stateGeneration) {
    public static final GroupRecord INITIAL = new GroupRecord(EntryId.NONE, 1);
}
