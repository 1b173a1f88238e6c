package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.raft.EntryId;

import java.util.List;

/**
 * What an offline check saw.
 *
 * @param node whose directory it is; none if the log could not be read, or is empty
 * @param groups what could be read, ascending by id
 * @param findings all that is wrong; empty = the directory is whole
 */
public record VerifyReport(
        List<NodeRecord> node,
        LogContents log,
        List<GroupContents> groups,
        List<Finding> findings) {
    public VerifyReport {
        node = List.copyOf(node);
        groups = List.copyOf(groups);
        findings = List.copyOf(findings);
    }

    public boolean isWhole() {
        return findings.isEmpty();
    }

    /**
     * @param files SSTs, WALs and MANIFEST
     * @param entries of all groups, each with its checksum compared
     * @param entryBytes theirs
     */
    public record LogContents(int files, long entries, long entryBytes) {}

    /**
     * @param firstLogEntry the first one that is still in the log; the one after {@code last} if there is none
     * @param last the log's last entry
     * @param state what its state holds; none if it is not there yet, or could not be read
     */
    public record GroupContents(
            long groupId, long firstLogEntry, EntryId last, List<StateContents> state) {
        public GroupContents {
            state = List.copyOf(state);
        }
    }

    /**
     * @param files SSTs
     * @param rows of all kinds
     * @param rowBytes keys and values
     * @param summary what the rows say of themselves
     */
    public record StateContents(
            long generation, int files, long rows, long rowBytes, StateSummary summary) {}

    /**
     * @param applied the last entry in the state
     * @param stateHash 16 bytes, after it; empty if the state has none yet
     */
    public record StateSummary(EntryId applied, Bytes stateHash) {}

    /**
     * @param where file or directory
     * @param what is wrong, and what can be done
     */
    public record Finding(String where, String what) {}
}
