package io.kvd.core.node;

import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import java.util.List;

/**
 * What the log store holds at start.
 *
 * @param node the NODE record; none in a directory that was just made
 * @param groups every group, ascending by id
 */
public record RestoredLog(List<NodeRecord> node, List<RestoredGroup> groups) {
    public RestoredLog {
        node = List.copyOf(node);
        groups = List.copyOf(groups);
    }

    /**
     * @param last the last entry; the record's logStart if there is none
     * @param lastLogTimeMs its log time, 0 if there is none
     * @param termStarts the first entry of each term, ascending
     * @param tail the last entries, up to {@code last}, at most about 16 MiB
     * @param marks points of the log, ascending, whose bytes count from its start; a thousand or so
     */
    public record RestoredGroup(
            long groupId,
            HardState hardState,
            GroupRecord group,
            EntryId last,
            long lastLogTimeMs,
            List<EntryId> termStarts,
            List<Run> tail,
            List<LogMark> marks) {
        public RestoredGroup {
            termStarts = List.copyOf(termStarts);
            tail = List.copyOf(tail);
            marks = List.copyOf(marks);
        }
    }
}
