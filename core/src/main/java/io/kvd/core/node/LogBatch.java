package io.kvd.core.node;

import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import java.util.List;

/**
 * What one turn of the node persists, for all groups, with one fsync.
 *
 * @param node the new NODE record; at most one
 * @param groups at most one a group
 */
public record LogBatch(List<NodeRecord> node, List<GroupWrite> groups) {
    public LogBatch {
        node = List.copyOf(node);
        groups = List.copyOf(groups);
    }

    /**
     * @param hardState rewritten in every batch that touches the group
     * @param group the new GROUP record, if log start or generation change; at most one. A new log start deletes
     *     the runs that lie wholly at or below it
     * @param truncateFrom deletes the entries from this index on, before {@code runs} are put; 0 = none. Every run
     *     with firstIndex at or above it goes, the run that straddles it is rewritten with its kept prefix
     * @param runs follow the log's last entry and each other; each gets a record of its own
     */
    public record GroupWrite(
            long groupId,
            HardState hardState,
            List<GroupRecord> group,
            long truncateFrom,
            List<Run> runs) {
        public GroupWrite {
            group = List.copyOf(group);
            runs = List.copyOf(runs);
        }
    }
}
