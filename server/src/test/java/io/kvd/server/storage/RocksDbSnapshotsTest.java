package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** What the contract can't ask of a fake: files, links, directories, a start after a crash. */
class RocksDbSnapshotsTest {
    private static final long TRANSFER = 7;
    private static final int ROWS_A_BATCH = 20;
    /** Of so many bytes of a table or the MANIFEST one is flipped; all of them were, once. */
    private static final int STRIDE = 17;

    @TempDir
    Path temporary = Path.of("");

    @SuppressWarnings("NullAway.Init") // by JUnit, before each test
    private Node from;

    @SuppressWarnings("NullAway.Init") // by JUnit, before each test
    private Node to;

    @SuppressWarnings("NullAway.Init") // by JUnit, before each test
    private StateStore live;

    /** A data directory with a lock, and what is open in it. */
    private record Node(Path data, RocksDbStateStores states, RocksDbSnapshots snapshots) {
        static Node open(Path data, StorageOptions options) {
            RocksDbStateStores states = new RocksDbStateStores(data.resolve("state"), options);
            return new Node(data, states, new RocksDbSnapshots(data, states));
        }
    }

    @BeforeEach
    void openTwoNodes() {
        from = Node.open(temporary.resolve("from"), StorageOptions.DEFAULT);
        to = Node.open(temporary.resolve("to"), LogOnDisk.SMALL);
        live = from.states.open(1, 1);
        KvStateMachine.open(1, live, 1 << 20);
    }

    @AfterEach
    void close() {
        from.states.close();
        to.states.close();
    }

    @Test
    void tablesAreSharedWithTheStateAndTakeNoSpace() throws IOException {
        writeTable(1, 1_000);
        writeTable(2, 1_000);

        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);

        Path outgoing = from.data.resolve("outgoing/7");
        List<String> tables = tablesOf(manifest);
        assertThat(tables).hasSize(2);
        for (String table : tables) {
            assertThat(Files.getAttribute(outgoing.resolve(table), "unix:ino"))
                    .isEqualTo(Files.getAttribute(
                            from.data.resolve("state/1/1").resolve(table), "unix:ino"));
        }
        from.snapshots.release(TRANSFER);
        assertThat(outgoing).doesNotExist();
        assertThat(rowCount(live)).isEqualTo(2_001);
    }

    @Test
    void snapshotThatHasNoRoomIsRefusedBeforeAnyOfItComes() {
        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);
        SnapshotFile first = manifest.files().get(0);
        List<SnapshotFile> files = new ArrayList<>(manifest.files());
        files.set(0, new SnapshotFile(first.name(), 1L << 60));
        SnapshotManifest tooLarge = new SnapshotManifest(
                manifest.last(),
                manifest.lastLogTimeMs(),
                manifest.stateHash(),
                manifest.configuration(),
                files);

        assertThatThrownBy(() -> to.snapshots.receive(1, tooLarge))
                .isInstanceOf(UnusableSnapshotException.class)
                .hasMessageContaining("don't fit");
        assertThatThrownBy(() -> to.snapshots.write(1, 0, Bytes.of(new byte[1])))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void snapshotIsTablesThenTheManifestThenCurrent() {
        writeTable(1, 10);

        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);

        List<String> names = manifest.files().stream().map(SnapshotFile::name).toList();
        assertThat(names).hasSize(3);
        assertThat(names.get(0)).endsWith(".sst");
        assertThat(names.get(1)).startsWith("MANIFEST-");
        assertThat(names.get(2)).isEqualTo("CURRENT");
    }

    @Test
    void stateOfSeveralTablesIsOpenedByANodeWithOtherOptions() throws UnusableSnapshotException {
        for (int i = 1; i <= 3; i++) {
            writeTable(i, 2_000);
        }
        live.write(new StateBatch().delete(row(1, 7)));

        transfer(from.snapshots.make(TRANSFER, 1, 1));
        to.snapshots.stage(1, 5);

        try (StateStore staged = to.states.open(1, 5)) {
            assertThat(rowCount(staged)).isEqualTo(6_000);
            assertThat(staged.get(row(1, 7))).isEmpty();
            for (int i = 0; i < 5_000; i++) {
                staged.write(new StateBatch().put(row(9, i), Bytes.of(new byte[1_000])));
            }
            staged.flush();
        }
        try (StateStore again = to.states.open(1, 5)) {
            assertThat(rowCount(again)).isEqualTo(11_000);
        }
    }

    /** P3: the apply thread does not wait for a snapshot. */
    @Test
    void snapshotOfAStateThatIsBeingWrittenIsAPointBetweenTwoBatches() throws Exception {
        live.write(batchOf(1));
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> apply = CompletableFuture.runAsync(() -> {
            for (int batch = 2; !enough.get(); batch++) {
                live.write(batchOf(batch));
            }
        });
        try {
            Bytes before = Bytes.EMPTY;
            for (int i = 0; i < 5; i++) {
                transfer(from.snapshots.make(TRANSFER, 1, 1));
                from.snapshots.release(TRANSFER);
                to.snapshots.stage(1, 5);

                try (StateStore staged = to.states.open(1, 5)) {
                    Bytes reached = staged.get(row(0, 0)).orElseThrow();
                    for (int row = 1; row < ROWS_A_BATCH; row++) {
                        assertThat(staged.get(row(0, row))).contains(reached);
                    }
                    assertThat(reached).isGreaterThanOrEqualTo(before);
                    before = reached;
                }
                to.states.delete(1, 5);
            }
        } finally {
            enough.set(true);
            apply.get(30, TimeUnit.SECONDS);
        }
    }

    /** The same rows in every batch, all with its number. */
    private static StateBatch batchOf(int number) {
        StateBatch batch = new StateBatch();
        for (int row = 0; row < ROWS_A_BATCH; row++) {
            batch.put(row(0, row), new BytesWriter(4).putInt(number).toBytes());
        }
        return batch;
    }

    @Test
    void stagedStateIsAllThatIsLeftOfATransfer() throws UnusableSnapshotException {
        writeTable(1, 10);
        transfer(from.snapshots.make(TRANSFER, 1, 1));

        to.snapshots.stage(1, 5);

        assertThat(to.data.resolve("incoming/1")).doesNotExist();
        assertThat(to.data.resolve("state/1/5/CURRENT")).exists();
    }

    /** Whatever RocksDB would make of it: it does not look at all of a table itself. */
    @Test
    void flippedByteOfAnyFileIsFound() {
        writeTable(1, 50);
        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);
        int start = 0;
        for (SnapshotFile file : manifest.files()) {
            int stride = file.name().equals("CURRENT") ? 1 : STRIDE;
            for (int at = start; at < start + file.sizeBytes(); at += stride) {
                int flipped = at;
                assertRefused("%s at %d".formatted(file, at - start), manifest, bytes -> {
                    byte[] damaged = bytes.toArray();
                    damaged[flipped] ^= 0x10;
                    return Bytes.of(damaged);
                });
            }
            start += (int) file.sizeBytes();
        }
    }

    @Test
    void truncatedTableIsFound() {
        writeTable(1, 1_000);
        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);
        SnapshotFile table = manifest.files().get(0);
        for (int length : new int[] {0, 1, 40, (int) table.sizeBytes() / 2}) {
            List<SnapshotFile> files = new ArrayList<>(manifest.files());
            files.set(0, new SnapshotFile(table.name(), length));
            SnapshotManifest truncated = withFiles(manifest, files);

            assertRefused("%d bytes".formatted(length), truncated, bytes -> {
                Bytes rest = bytes.slice((int) table.sizeBytes());
                return new BytesWriter(bytes.length())
                        .put(bytes.slice(0, length))
                        .put(rest)
                        .toBytes();
            });
        }
    }

    @Test
    void tablesInEachOthersPlaceAreFound() {
        writeTable(1, 100);
        writeTable(2, 100);
        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);
        SnapshotFile first = manifest.files().get(0);
        SnapshotFile second = manifest.files().get(1);
        List<SnapshotFile> files = new ArrayList<>(manifest.files());
        files.set(0, new SnapshotFile(second.name(), first.sizeBytes()));
        files.set(1, new SnapshotFile(first.name(), second.sizeBytes()));

        assertRefused("swapped", withFiles(manifest, files), bytes -> bytes);
    }

    @Test
    void currentThatPointsElsewhereIsNotFollowed() throws IOException {
        writeTable(1, 10);
        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);
        int length = (int) manifest.files().get(2).sizeBytes();
        Files.createDirectories(to.data);
        Files.writeString(to.data.resolve("x"), "not to be read");
        for (String pointer : List.of("../../x", "MANIFEST-000000")) {
            assertRefused(
                    pointer,
                    manifest,
                    bytes -> new BytesWriter(bytes.length())
                            .put(bytes.slice(0, bytes.length() - length))
                            .put(Bytes.utf8("%-15s\n".formatted(pointer)))
                            .toBytes());
        }
    }

    @Test
    void fullDiskIsNoSpaceAndNotADamagedSnapshot() throws Exception {
        assumeThat(Path.of("/dev/full")).exists();
        writeTable(1, 10);
        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);
        to.snapshots.receive(1, manifest);
        Files.createSymbolicLink(
                to.data.resolve("incoming/1").resolve(manifest.files().get(0).name()),
                Path.of("/dev/full"));

        assertThatThrownBy(() -> to.snapshots.write(1, 0, from.snapshots.read(TRANSFER, 0, 100)))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_SPACE));
    }

    @Test
    void failedStateCannotBeFrozen() {
        live.write(new StateBatch().put(row(1, 1), row(1, 1)));
        DataFiles.deleteTree(from.data.resolve("state"));

        assertThatThrownBy(() -> from.snapshots.make(TRANSFER, 1, 1))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void damageToALiveTableIsTheSendersDamage() throws IOException {
        writeTable(1, 5_000);
        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);
        Path table = from.data.resolve("state/1/1").resolve(tablesOf(manifest).get(0));
        LogOnDisk.flip(table, Files.size(table) / 3);

        assertRefused("damaged where it was made", manifest, bytes -> bytes);
    }

    /** The commit point of an install is the log's batch, not the rename (P5). */
    @Test
    void startKeepsAStagedGenerationOnlyIfTheLogNamesIt() throws UnusableSnapshotException {
        writeTable(1, 10);
        SnapshotManifest manifest = from.snapshots.make(TRANSFER, 1, 1);
        to.states.open(1, 1).close();
        name(1, EntryId.NONE);
        transfer(manifest);
        to.snapshots.stage(1, 2);
        transfer(manifest);

        start();
        assertThat(names(to.data.resolve("state/1"))).containsExactly("1");
        assertThat(names(to.data)).containsExactly("LOCK", "log", "state");

        transfer(manifest);
        to.snapshots.stage(1, 2);
        name(2, new EntryId(1, 1));
        start();
        assertThat(names(to.data.resolve("state/1"))).containsExactly("2");
        try (StateStore staged = to.states.open(1, 2)) {
            assertThat(rowCount(staged)).isEqualTo(11);
        }
    }

    /** Ends the process on {@link #to} and starts another, up to the point where its states can be opened. */
    private void start() {
        to.states.close();
        try (DataDirectory directory = DataDirectory.open(to.data)) {
            directory.accept(LogOnDisk.restore(directory.logDirectory()));
        }
        to = Node.open(to.data, LogOnDisk.SMALL);
    }

    /** One synced batch of the log: the group's live generation, and where its log begins. */
    private void name(long generation, EntryId logStart) {
        try (RocksDbLogStore log = RocksDbLogStore.at(to.data.resolve("log"), LogOnDisk.SMALL)) {
            log.restore();
            log.write(new LogBatch(
                    List.of(LogOnDisk.NODE),
                    List.of(new GroupWrite(
                            1,
                            new HardState(1, 3),
                            List.of(new GroupRecord(logStart, generation)),
                            0,
                            List.of()))));
        }
    }

    private void assertRefused(
            String what, SnapshotManifest manifest, UnaryOperator<Bytes> damage) {
        assertThatThrownBy(() -> {
                    transfer(manifest, damage);
                    to.snapshots.stage(1, 5);
                })
                .as(what)
                .isInstanceOf(UnusableSnapshotException.class);
        assertThat(to.data.resolve("state/1/5")).doesNotExist();
        assertThat(to.data.resolve("incoming/1")).doesNotExist();
    }

    private void transfer(SnapshotManifest manifest) throws UnusableSnapshotException {
        transfer(manifest, UnaryOperator.identity());
    }

    /** From one node to the other, what is sent being damaged as a whole. */
    private void transfer(SnapshotManifest manifest, UnaryOperator<Bytes> damage)
            throws UnusableSnapshotException {
        BytesWriter sent = new BytesWriter(1 << 16);
        long size = Files.exists(from.data.resolve("outgoing/7")) ? sizeOfOutgoing() : 0;
        while (sent.length() < size) {
            sent.put(from.snapshots.read(TRANSFER, sent.length(), 1 << 20));
        }
        Bytes damaged = damage.apply(sent.toBytes());
        to.snapshots.receive(1, manifest);
        for (int at = 0; at < damaged.length(); ) {
            int end = (int) Math.min(damaged.length(), at + manifest.at(at).bytesLeft());
            to.snapshots.write(1, at, damaged.slice(at, end));
            at = end;
        }
    }

    private long sizeOfOutgoing() {
        return SnapshotFiles.list(from.data.resolve("outgoing/7")).stream()
                .mapToLong(SnapshotFile::sizeBytes)
                .sum();
    }

    /** Rows in a table of their own. */
    private void writeTable(int table, int rows) {
        RandomGenerator random = new SplittableRandom(table);
        StateBatch batch = new StateBatch();
        for (int i = 0; i < rows; i++) {
            byte[] value = new byte[20];
            random.nextBytes(value);
            batch.put(row(table, i), Bytes.of(value));
        }
        live.write(batch);
        live.flush();
    }

    private static Bytes row(int table, int number) {
        return new BytesWriter(9).putByte('z').putInt(table).putInt(number).toBytes();
    }

    private static SnapshotManifest withFiles(SnapshotManifest like, List<SnapshotFile> files) {
        return new SnapshotManifest(
                like.last(), like.lastLogTimeMs(), like.stateHash(), like.configuration(), files);
    }

    private static List<String> tablesOf(SnapshotManifest manifest) {
        return manifest.files().stream()
                .map(SnapshotFile::name)
                .filter(name -> name.endsWith(".sst"))
                .toList();
    }

    private static int rowCount(StateStore store) {
        int rows = 0;
        try (StateView view = store.view();
                StateView.Cursor cursor = view.scan(Bytes.EMPTY, Bytes.EMPTY)) {
            while (cursor.next()) {
                rows++;
            }
        }
        return rows;
    }

    private static List<String> names(Path directory) {
        return DataFiles.list(directory).stream()
                .map(path -> String.valueOf(path.getFileName()))
                .toList();
    }
}
