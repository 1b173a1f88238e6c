package io.kvd.core.node;

import io.kvd.core.base.Check;

/**
 * The bounds of snapshots on their way.
 *
 * @param bytesPerSecond the most that one sender sends
 * @param chunkBytes of one message; also what is read from disk at once
 * @param windowBytes sent and not acknowledged; what a receiver holds in memory at most
 */
public record SnapshotOptions(long bytesPerSecond, int chunkBytes, int windowBytes) {
    public static final SnapshotOptions DEFAULT = new SnapshotOptions(64 << 20, 1 << 20, 4 << 20);

    public SnapshotOptions {
        Check.that(
                bytesPerSecond > 0 && chunkBytes > 0 && windowBytes >= chunkBytes,
                "snapshots at %d bytes/s in chunks of %d, window of %d",
                bytesPerSecond,
                chunkBytes,
                windowBytes);
    }
}
