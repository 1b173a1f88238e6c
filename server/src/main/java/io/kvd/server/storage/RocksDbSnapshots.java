package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotPosition;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateView;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.kv.UpgradeNeededException;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Snapshots of {@link RocksDbStateStores}: a state directory is its own snapshot (thesis §5.2). What goes out is a
 * checkpoint, {@code outgoing/TRANSFER}; what comes in is put together in {@code incoming/GROUP}, checked, and renamed
 * to be a state directory.
 */
public final class RocksDbSnapshots implements SnapshotStore {
    private final RocksDbStateStores states;
    private final Path incomingDirectory;
    private final Path outgoingDirectory;
    /** What was made, by shipment. */
    private final TreeMap<Long, OutgoingSnapshot> outgoing = new TreeMap<>();
    /** What comes in, by group. */
    private final TreeMap<Long, IncomingSnapshot> incoming = new TreeMap<>();

    private record OutgoingSnapshot(Path directory, SnapshotManifest manifest) {}

    /** @param dataDirectory in which nothing is on its way, and the states are */
    public RocksDbSnapshots(Path dataDirectory, RocksDbStateStores states) {
        this.states = states;
        this.incomingDirectory = dataDirectory.resolve(DataDirectory.INCOMING_DIRECTORY);
        this.outgoingDirectory = dataDirectory.resolve(DataDirectory.OUTGOING_DIRECTORY);
    }

    @Override
    public SnapshotManifest make(long shipment, long groupId, long generation) {
        Check.that(!outgoing.containsKey(shipment), "shipment %d is in use", shipment);
        RocksDbStateStore live = states.opened(groupId, generation);
        Path directory = outgoingDirectory.resolve(Long.toString(shipment));
        DataFiles.makeTransientDirectory(outgoingDirectory);
        live.checkpoint(directory);
        List<SnapshotFile> files = SnapshotFiles.list(directory);
        try (RocksDbStateStore frozen = states.openReadOnly(directory);
                StateView view = frozen.view()) {
            SnapshotManifest manifest = KvStateMachine.manifestOf(groupId, view, files);
            outgoing.put(shipment, new OutgoingSnapshot(directory, manifest));
            return manifest;
        } catch (DamagedException e) {
            throw StorageFailures.damaged(directory, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Bytes read(long shipment, long position, int maxBytes) {
        OutgoingSnapshot snapshot = Optional.ofNullable(outgoing.get(shipment))
                .orElseThrow(() -> new InvariantViolation("no shipment " + shipment));
        SnapshotPosition at = snapshot.manifest().at(position);
        Path path = snapshot.directory().resolve(at.file().name());
        byte[] bytes = new byte[(int) Math.min(maxBytes, at.bytesLeft())];
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                if (file.read(rest, at.offset() + rest.position()) < 0) {
                    throw new EOFException("ends before its %d bytes".formatted(file.size()));
                }
            }
        } catch (IOException e) {
            throw StorageFailures.of("reading " + path, e);
        }
        return Bytes.of(bytes);
    }

    @Override
    public void release(long shipment) {
        OutgoingSnapshot snapshot = outgoing.remove(shipment);
        if (snapshot != null) {
            DataFiles.deleteTree(snapshot.directory());
        }
    }

    @Override
    public void receive(long groupId, SnapshotManifest manifest) throws UnusableSnapshotException {
        abandon(groupId);
        SnapshotFiles.checkNames(manifest);
        Path directory = incomingDirectory.resolve(Long.toString(groupId));
        DataFiles.makeTransientDirectory(directory);
        checkRoom(directory, manifest);
        incoming.put(groupId, new IncomingSnapshot(directory, manifest));
    }

    // Not room that is there when it is needed: others write, too. But what can't fit isn't begun.
    private static void checkRoom(Path directory, SnapshotManifest manifest)
            throws UnusableSnapshotException {
        long freeBytes = DataFiles.usableBytes(directory);
        if (manifest.sizeBytes() > freeBytes) {
            throw new UnusableSnapshotException("%d bytes don't fit into the %d that are free in %s"
                    .formatted(manifest.sizeBytes(), freeBytes, directory));
        }
    }

    @Override
    public void write(long groupId, long position, Bytes bytes) {
        incomingOf(groupId).write(position, bytes);
    }

    @Override
    public void stage(long groupId, long generation) throws UnusableSnapshotException {
        IncomingSnapshot snapshot = incomingOf(groupId);
        Path state = states.directoryOf(groupId, generation);
        Check.that(!Files.exists(state), "%s is there already", state);
        try {
            check(groupId, snapshot);
        } catch (UnusableSnapshotException e) {
            abandon(groupId);
            throw e;
        }
        incoming.remove(groupId);
        DataFiles.publish(snapshot.directory(), state);
    }

    private void check(long groupId, IncomingSnapshot snapshot) throws UnusableSnapshotException {
        snapshot.checkWhole();
        try (RocksDbStateStore received = states.openReadOnly(snapshot.directory());
                StateView view = received.view()) {
            received.verifyChecksums();
            SnapshotManifest says =
                    KvStateMachine.manifestOf(groupId, view, snapshot.manifest().files());
            if (!says.equals(snapshot.manifest())) {
                throw new UnusableSnapshotException("the files are of another snapshot");
            }
        } catch (DamagedException | UpgradeNeededException e) {
            throw new UnusableSnapshotException("the files make no state", e);
        } catch (StorageException e) {
            if (e.kind() != Kind.DAMAGE) {
                throw e;
            }
            throw new UnusableSnapshotException("the files are damaged", e);
        }
    }

    @Override
    public void abandon(long groupId) {
        IncomingSnapshot snapshot = incoming.remove(groupId);
        if (snapshot != null) {
            DataFiles.deleteTree(snapshot.directory());
        }
    }

    private IncomingSnapshot incomingOf(long groupId) {
        return Optional.ofNullable(incoming.get(groupId))
                .orElseThrow(() -> new InvariantViolation("nothing comes in for group " + groupId));
    }
}
