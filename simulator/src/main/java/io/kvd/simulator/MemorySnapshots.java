package io.kvd.simulator;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesReader;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Check;
import io.kvd.core.base.Crc32c;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotPosition;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateView;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.kv.UpgradeNeededException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Snapshots on their way between {@link MemoryStateStores}, in few but more than one file each. One thread, no clock.
 *
 * <p>A file: crc32c(4) number(4) state hash(16), then its share of the rows in order, each a sized key and a sized
 * value. The checksum covers what follows it; number and hash say which file of which snapshot it is.
 */
public final class MemorySnapshots implements SnapshotStore {
    private static final List<String> NAMES = List.of("rows-1", "rows-2", "rows-3");
    private static final int CRC_BYTES = Integer.BYTES;
    private static final int HASH_BYTES = 16;

    private final MemoryStateStores states;
    /** What was made, by shipment. */
    private final TreeMap<Long, Outgoing> outgoing = new TreeMap<>();
    /** What comes in, by group. */
    private final TreeMap<Long, Incoming> incoming = new TreeMap<>();

    private record Outgoing(SnapshotManifest manifest, List<Bytes> files) {
        Bytes contentOf(SnapshotFile file) {
            return files.get(manifest.files().indexOf(file));
        }
    }

    /** What arrived so far of each file. */
    private record Incoming(SnapshotManifest manifest, List<BytesWriter> files) {
        BytesWriter contentOf(SnapshotFile file) {
            return files.get(manifest.files().indexOf(file));
        }

        long receivedBytes() {
            return files.stream().mapToLong(BytesWriter::length).sum();
        }
    }

    public MemorySnapshots(MemoryStateStores states) {
        this.states = states;
    }

    /** The process is gone, and its transfers with it. */
    public void crash() {
        outgoing.clear();
        incoming.clear();
    }

    /** Whether nothing is on its way. */
    public boolean isEmpty() {
        return outgoing.isEmpty() && incoming.isEmpty();
    }

    /** Flushes, as a checkpoint does. */
    @Override
    public SnapshotManifest make(long shipment, long groupId, long generation) {
        Check.that(!outgoing.containsKey(shipment), "shipment %d is in use", shipment);
        MemoryStateStore live = states.opened(groupId, generation);
        live.flush();
        try (StateView view = live.view()) {
            Bytes stateHash =
                    KvStateMachine.manifestOf(groupId, view, List.of()).stateHash();
            List<Bytes> contents = encode(stateHash, live.rows());
            List<SnapshotFile> files = new ArrayList<>();
            for (int i = 0; i < NAMES.size(); i++) {
                files.add(new SnapshotFile(NAMES.get(i), contents.get(i).length()));
            }
            SnapshotManifest manifest = KvStateMachine.manifestOf(groupId, view, files);
            outgoing.put(shipment, new Outgoing(manifest, contents));
            return manifest;
        }
    }

    private static List<Bytes> encode(Bytes stateHash, NavigableMap<Bytes, Bytes> rows) {
        List<BytesWriter> writers = new ArrayList<>();
        for (int number = 1; number <= NAMES.size(); number++) {
            writers.add(new BytesWriter(1_024).putInt(0).putInt(number).put(stateHash));
        }
        int row = 0;
        for (Map.Entry<Bytes, Bytes> entry : rows.entrySet()) {
            int file = (int) ((long) row++ * NAMES.size() / rows.size());
            writers.get(file).putSized(entry.getKey()).putSized(entry.getValue());
        }
        List<Bytes> contents = new ArrayList<>();
        for (BytesWriter file : writers) {
            contents.add(file.setInt(0, crc(file.written(CRC_BYTES))).toBytes());
        }
        return contents;
    }

    @Override
    public Bytes read(long shipment, long position, int maxBytes) {
        Outgoing snapshot = Optional.ofNullable(outgoing.get(shipment))
                .orElseThrow(() -> new InvariantViolation("no shipment " + shipment));
        SnapshotPosition at = snapshot.manifest().at(position);
        int from = (int) at.offset();
        int length = (int) Math.min(maxBytes, at.bytesLeft());
        return snapshot.contentOf(at.file()).slice(from, from + length);
    }

    @Override
    public void release(long shipment) {
        outgoing.remove(shipment);
    }

    @Override
    public void receive(long groupId, SnapshotManifest manifest) throws UnusableSnapshotException {
        abandon(groupId);
        manifest.checkPlausible();
        List<String> names = manifest.files().stream().map(SnapshotFile::name).toList();
        if (!names.equals(NAMES)) {
            throw new UnusableSnapshotException("a state has other files");
        }
        List<BytesWriter> files = new ArrayList<>();
        names.forEach(name -> files.add(new BytesWriter(1_024)));
        incoming.put(groupId, new Incoming(manifest, files));
    }

    @Override
    public void write(long groupId, long position, Bytes bytes) {
        Incoming snapshot = incomingOf(groupId);
        long received = snapshot.receivedBytes();
        Check.that(position == received, "written at %d, not at %d", position, received);
        SnapshotPosition at = snapshot.manifest().at(position);
        Check.that(
                bytes.length() <= at.bytesLeft(),
                "%d bytes at %d end behind the file",
                bytes.length(),
                position);
        snapshot.contentOf(at.file()).put(bytes);
    }

    @Override
    public void stage(long groupId, long generation) throws UnusableSnapshotException {
        Incoming snapshot = incomingOf(groupId);
        incoming.remove(groupId);
        StateRows rows = new StateRows();
        try {
            for (SnapshotFile file : snapshot.manifest().files()) {
                rows.write(decode(file, snapshot));
            }
            MemoryStateStore received = new MemoryStateStore(rows, "what comes in");
            try (StateView view = received.view()) {
                SnapshotManifest says = KvStateMachine.manifestOf(
                        groupId, view, snapshot.manifest().files());
                if (!says.equals(snapshot.manifest())) {
                    throw new UnusableSnapshotException("the files are of another snapshot");
                }
            }
        } catch (DamagedException | UpgradeNeededException e) {
            throw new UnusableSnapshotException("the files make no state", e);
        }
        rows.flush();
        states.put(groupId, generation, rows);
    }

    /** The file's rows; they are what was written if the checksum says so. */
    private static StateBatch decode(SnapshotFile file, Incoming snapshot) {
        Bytes bytes = snapshot.contentOf(file).toBytes();
        BytesReader in = new BytesReader(bytes);
        boolean whole =
                bytes.length() == file.sizeBytes() && in.readInt() == crc(bytes.slice(CRC_BYTES));
        if (!whole
                || in.readInt() != NAMES.indexOf(file.name()) + 1
                || !in.read(HASH_BYTES).equals(snapshot.manifest().stateHash())) {
            throw new DamagedException("damaged, or not of this snapshot: " + file);
        }
        StateBatch rows = new StateBatch();
        while (in.remaining() > 0) {
            rows.put(in.readSized().compact(), in.readSized().compact());
        }
        return rows;
    }

    @Override
    public void abandon(long groupId) {
        incoming.remove(groupId);
    }

    private Incoming incomingOf(long groupId) {
        return Optional.ofNullable(incoming.get(groupId))
                .orElseThrow(() -> new InvariantViolation("nothing comes in for group " + groupId));
    }

    private static int crc(Bytes bytes) {
        return new Crc32c().update(bytes).value();
    }
}
