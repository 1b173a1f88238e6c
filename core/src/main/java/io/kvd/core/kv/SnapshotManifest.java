package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.raft.EntryId;

import java.util.List;
import java.util.TreeSet;

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
    /** More don't fit into an offer. Of the usual 32 MiB a file, they are a state of half a tebibyte. */
    public static final int MAX_FILES = 1 << 14;

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

    /** Where a position is, counted over all files one after the other; empty files hold none. */
    public SnapshotPosition at(long position) {
        long offset = position;
        for (SnapshotFile file : files) {
            if (offset < file.sizeBytes()) {
                Check.that(offset >= 0, "position %d", position);
                return new SnapshotPosition(file, offset);
            }
            offset -= file.sizeBytes();
        }
        throw new InvariantViolation(
                "position %d of a snapshot of %d bytes".formatted(position, sizeBytes()));
    }

    /**
     * Checks what a peer said, before any of it is used.
     *
     * @throws UnusableSnapshotException a name is a path or there twice, or the sizes make no sense
     */
    public void checkPlausible() throws UnusableSnapshotException {
        TreeSet<String> names = new TreeSet<>();
        long bytes = 0;
        for (SnapshotFile file : files) {
            if (!file.isPlausible() || !names.add(file.name())) {
                throw new UnusableSnapshotException(
                        "one of a snapshot's %d files has no plausible name or size, or another's name"
                                .formatted(files.size()));
            }
            if (file.sizeBytes() > Long.MAX_VALUE - bytes) {
                throw new UnusableSnapshotException("a snapshot of more than 2^63 bytes");
            }
            bytes += file.sizeBytes();
        }
    }
}
