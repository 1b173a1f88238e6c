package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.kv.StateView;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Command;
import io.kvd.protocol.PutCommand;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A live state of one group, and how a snapshot of it is carried into another generation: for contracts. */
abstract class SnapshotTransfers {
    protected static final long GROUP = 1;
    protected static final long LIVE = 1;
    protected static final long STAGED = 2;
    protected static final long TRANSFER = 7;

    private static final int ROWS = 300;
    static final Bytes CONFIGURATION = Bytes.utf8("configuration");

    private StateStore live = new MemoryStateStores().open(GROUP, LIVE);
    KvStateMachine machine = KvStateMachine.open(GROUP, live, 1 << 20);

    protected abstract StateStores states();

    protected abstract SnapshotStore snapshots();

    /** Ends the process as a power cut does, and starts it again; the stores are other objects then. */
    protected abstract void crash(RandomGenerator random);

    protected abstract boolean isThere(long generation);

    /** Whether nothing that is in transfer takes any space. */
    protected abstract boolean holdsNoTransfer();

    @BeforeEach
    void fillLive() {
        live = states().open(GROUP, LIVE);
        machine = KvStateMachine.open(GROUP, live, 1 << 20);
        apply(EntryKind.CONFIG, CONFIGURATION);
        for (int i = 0; i < ROWS; i++) {
            put("key-" + i, "value-" + i);
        }
    }

    @AfterEach
    void closeLive() {
        live.close();
    }

    /** Receives all of {@link #TRANSFER}, in chunks. */
    protected void transfer(SnapshotManifest manifest) throws UnusableSnapshotException {
        snapshots().receive(GROUP, manifest);
        write(read(manifest, 1_000), manifest, 1_000);
    }

    protected Bytes read(SnapshotManifest manifest, int maxBytes) {
        return read(TRANSFER, manifest, maxBytes);
    }

    Bytes read(long transfer, SnapshotManifest manifest, int maxBytes) {
        Bytes all = Bytes.EMPTY;
        while (all.length() < manifest.sizeBytes()) {
            Bytes next = snapshots().read(transfer, all.length(), maxBytes);
            assertThat(next.length()).isBetween(1, maxBytes);
            all = concat(all, next);
        }
        return all;
    }

    /** Writes bytes into what comes in, one after the other and none across the end of a file. */
    protected void write(Bytes bytes, SnapshotManifest manifest, int maxBytes) {
        writeFrom(0, bytes, manifest, maxBytes);
    }

    void writeFrom(int from, Bytes bytes, SnapshotManifest manifest, int maxBytes) {
        int position = from;
        while (position < bytes.length()) {
            long inFile = Math.min(maxBytes, manifest.at(position).bytesLeft());
            int to = (int) Math.min(bytes.length(), position + inFile);
            snapshots().write(GROUP, position, bytes.slice(position, to));
            position = to;
        }
    }

    void assertStaged(Map<Bytes, Bytes> rows, SnapshotManifest manifest) {
        try (StateStore staged = states().open(GROUP, STAGED)) {
            assertThat(rowsOf(staged)).isEqualTo(rows);
            KvStateMachine opened = KvStateMachine.open(GROUP, staged, 1 << 20);
            assertThat(opened.applied()).isEqualTo(manifest.last());
            assertThat(opened.stateHash()).isEqualTo(manifest.stateHash());
            assertThat(opened.lastLogTimeMs()).isEqualTo(manifest.lastLogTimeMs());
            assertThat(opened.configurationBytes()).isEqualTo(manifest.configuration());
        }
    }

    void openLiveAgain() {
        live = states().open(GROUP, LIVE);
        machine = KvStateMachine.open(GROUP, live, 1 << 20);
    }

    protected static Map<Bytes, Bytes> rowsOf(StateStore store) {
        Map<Bytes, Bytes> rows = new TreeMap<>();
        try (StateView view = store.view();
                StateView.Cursor cursor = view.scan(Bytes.EMPTY, Bytes.EMPTY)) {
            while (cursor.next()) {
                rows.put(cursor.key(), cursor.value());
            }
        }
        return rows;
    }

    protected StateStore live() {
        return live;
    }

    /** Applies one put to the live state. */
    protected void put(String key, String value) {
        apply(EntryKind.COMMAND, command(key, value));
    }

    private void apply(EntryKind kind, Bytes payload) {
        machine.apply(List.of(entry(machine, kind, payload)), List.of());
    }

    static Run entry(KvStateMachine machine, EntryKind kind, Bytes payload) {
        long index = machine.applied().index() + 1;
        Entry entry = new Entry(
                new EntryId(3, index),
                kind,
                new Entry.Stamp(index * 10, 0),
                Entry.Origin.NONE,
                payload);
        return Run.encode(GROUP, List.of(entry));
    }

    static Bytes command(String key, String value) {
        return Bytes.of(Command.newBuilder()
                .setPut(PutCommand.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value)))
                .build()
                .toByteArray());
    }

    static Bytes concat(Bytes first, Bytes second) {
        byte[] both = new byte[first.length() + second.length()];
        System.arraycopy(first.array(), first.offset(), both, 0, first.length());
        System.arraycopy(second.array(), second.offset(), both, first.length(), second.length());
        return Bytes.of(both);
    }
}
