package io.kvd.core.raft;

import java.util.List;

/**
 * What a replica knows when it starts, read from its own disk.
 *
 * @param logStart the last entry before the log's first: what was cut away; {@link EntryId#NONE} if
 *     nothing was
 * @param last the log's last entry, {@code logStart} if it is empty
 * @param lastLogTimeMs the largest log time of all entries that it is known to have had
 * @param termStarts the first entry of each term within the log, ascending
 * @param tail the last entries of the log, up to {@code last}, bounded in bytes; may be empty
 * @param applied what the flushed state has applied; commit index starts here
 * @param configuration the latest configuration in the log or the state
 */
public record RestoredReplica(
        HardState hardState,
        EntryId logStart,
        EntryId last,
        long lastLogTimeMs,
        List<EntryId> termStarts,
        List<Run> tail,
        EntryId applied,
        Configuration configuration) {
    public RestoredReplica {
        termStarts = List.copyOf(termStarts);
        tail = List.copyOf(tail);
    }
}
