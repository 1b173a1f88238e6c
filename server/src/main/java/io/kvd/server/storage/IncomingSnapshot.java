package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotPosition;
import io.kvd.core.kv.UnusableSnapshotException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that are put together from what a peer sends. Background thread. */
final class IncomingSnapshot {
    private final Path directory;
    private final SnapshotManifest manifest;
    /** How many bytes were written, over all files in order. */
    private long receivedBytes;

    /** @param manifest whose names were checked */
    IncomingSnapshot(Path directory, SnapshotManifest manifest) {
        this.directory = directory;
        this.manifest = manifest;
    }

    Path directory() {
        return directory;
    }

    SnapshotManifest manifest() {
        return manifest;
    }

    /** Each file is fsynced with its last byte: at the end of a large snapshot the disk is not busy with all of it. */
    void write(long position, Bytes bytes) {
        Check.that(position == receivedBytes, "written at %d, not at %d", position, receivedBytes);
        SnapshotPosition at = manifest.at(position);
        Check.that(
                bytes.length() <= at.bytesLeft(),
                "%d bytes at %d end behind the file",
                bytes.length(),
                position);
        Path path = directory.resolve(at.file().name());
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length());
            for (long offset = at.offset(); rest.hasRemaining(); ) {
                offset += file.write(rest, offset);
            }
            if (bytes.length() == at.bytesLeft()) {
                file.force(true);
            }
        } catch (IOException e) {
            throw StorageFailures.of("writing " + path, e);
        }
        receivedBytes += bytes.length();
    }

    /** @throws UnusableSnapshotException bytes are missing, or CURRENT points elsewhere */
    void checkWhole() throws UnusableSnapshotException {
        if (receivedBytes != manifest.sizeBytes()) {
            throw new UnusableSnapshotException("%d of a snapshot's %d bytes came in"
                    .formatted(receivedBytes, manifest.sizeBytes()));
        }
        SnapshotFiles.checkCurrent(directory, manifest);
    }
}
