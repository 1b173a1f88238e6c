package io.kvd.core.kv;

/**
 * One byte of a snapshot.
 *
 * @param offset in the file, in bytes
 */
public record SnapshotPosition(SnapshotFile file, long offset) {
    /** How many bytes the file has from here on; at least one. */
    public long bytesLeft() {
        return file.sizeBytes() - offset;
    }
}
