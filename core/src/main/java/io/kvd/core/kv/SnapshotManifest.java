package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.EntryId;

import java.util.List;

/**
 * What a snapshot is: files that together are a group's state after one entry. All but the files is read from the
 * snapshot itself, never from the state that goes on being written.
 *
 * @param last the last entry in it
 * @param lastLogTimeMs the largest log time of what it has applied
 * @param stateHash 16 bytes, after {@code last}
 * @param configuration the newest applied CONFIG entry's payload; empty if there was none
 * @param files in the order in which they are sent
 */
public record SnapshotManifest(
        EntryId last,
        long lastLogTimeMs,
        Bytes stateHash,
        Bytes configuration,
        List<SnapshotFile> files) {
    public SnapshotManifest {
        files = List.copyOf(files);
    }

    /** Of all files. */
    public long sizeBytes() {
        long bytes = 0;
        for (SnapshotFile file : files) {
            bytes += file.sizeBytes();
        }
        return bytes;
    }
}
