package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the contract can't ask of a fake: damage, failing disks, other threads. */
class RocksDbStateStoreTest {
    private static final int ROWS = 5_000;

    @TempDir
    Path temporary = Path.of("");

    @SuppressWarnings("NullAway.Init") // by JUnit, before each test
    private RocksDbStateStores stores;

    @BeforeEach
    void open() {
        stores = new RocksDbStateStores(temporary.resolve("state"), StorageOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        stores.close();
    }

    @Test
    void generationsAreDirectories() {
        try (StateStore first = stores.open(1, 1);
                StateStore second = stores.open(1, 2)) {
            first.write(new StateBatch().put(row(1), row(1)));

            assertThat(second.get(row(1))).isEmpty();
        }
        assertThat(temporary.resolve("state/1/1/CURRENT")).exists();
        assertThat(temporary.resolve("state/1/2/CURRENT")).exists();
    }

    /** RELIABILITY §1, row 60: over a damaged block RocksDB's iterator just ends. */
    @Test
    void scanOverADamagedSstFailsAndDoesNotEndEarly() throws IOException {
        writeRowsAndFlush();
        damageSst();

        try (StateStore store = stores.open(1, 1);
                StateView view = store.view();
                StateView.Cursor cursor = view.scan(Bytes.EMPTY, Bytes.EMPTY)) {
            assertThatThrownBy(() -> {
                        while (cursor.next()) {
                            assertThat(cursor.value().length()).isPositive();
                        }
                    })
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGE))
                    .hasMessageContaining(".sst");
        }
    }

    @Test
    void readsOfADamagedBlockFail() throws IOException {
        writeRowsAndFlush();
        damageSst();

        try (StateStore store = stores.open(1, 1)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < ROWS; i++) {
                            assertThat(store.get(row(i))).isPresent();
                        }
                    })
                    .isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < ROWS; i++) {
                            assertThat(store.multiGet(List.of(row(i))).get(0)).isPresent();
                        }
                    })
                    .isInstanceOf(StorageException.class);
        }
    }

    @Test
    void damagedManifestIsRefused() throws IOException {
        writeRowsAndFlush();
        Path manifest = DataFiles.list(temporary.resolve("state/1/1")).stream()
                .filter(f -> f.getFileName().toString().startsWith("MANIFEST"))
                .findFirst()
                .orElseThrow();
        LogOnDisk.flip(manifest, Files.size(manifest) / 2);

        assertThatThrownBy(() -> stores.open(1, 1))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGE));
    }

    @Test
    void missingCurrentIsNotTakenForAnEmptyState() throws IOException {
        writeRowsAndFlush();
        Files.delete(temporary.resolve("state/1/1/CURRENT"));

        assertThatThrownBy(() -> stores.open(1, 1)).hasMessageContaining("CURRENT");
        assertThat(sstFiles()).isNotEmpty();
    }

    @Test
    void openingTwiceIsRefused() {
        try (StateStore first = stores.open(1, 1)) {
            assertThat(first.get(row(1))).isEmpty();
            assertThatThrownBy(() -> stores.open(1, 1))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        }
    }

    @Test
    void failedFlushIsReportedAndStopsAllWrites() {
        StateStore store = stores.open(1, 1);
        store.write(new StateBatch().put(row(1), row(1)));
        DataFiles.deleteTree(temporary.resolve("state"));

        assertThatThrownBy(store::flush).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.write(new StateBatch().put(row(2), row(2))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("failed before");
        assertThatThrownBy(store::flush).isInstanceOf(StorageException.class);
        store.close();
    }

    @Test
    @Tag("slow")
    void flushThatFailsInTheBackgroundStopsTheWrites() {
        RocksDbStateStores small = new RocksDbStateStores(
                temporary.resolve("small"), new StorageOptions(64 << 10, 16 << 20));
        try (small;
                StateStore store = small.open(1, 1)) {
            DataFiles.deleteTree(temporary.resolve("small"));
            Bytes value = Bytes.of(new byte[100_000]);

            // The write buffer is 2 MiB; long before 1 GB a flush has failed.
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            store.write(new StateBatch().put(row(i), value));
                        }
                    })
                    .isInstanceOf(StorageException.class);
        }
    }

    @Test
    void closeWaitsForViews() throws Exception {
        StateStore store = stores.open(1, 1);
        store.write(new StateBatch().put(row(1), row(1)));
        StateView view = store.view();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(store::close);

        while (isOpen(store)) {
            Thread.onSpinWait();
        }
        assertThat(closing).isNotDone();
        assertThat(view.get(row(1))).contains(row(1));
        view.close();
        closing.get(30, TimeUnit.SECONDS);
        assertThatThrownBy(store::view).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void memoryStaysWithinTheBudget() {
        long budget = 32 << 20;
        RocksDbStateStores small = new RocksDbStateStores(
                temporary.resolve("small"), new StorageOptions(64 << 10, budget));
        try (small;
                StateStore store = small.open(1, 1)) {
            Bytes value = Bytes.of(new byte[1000]);
            for (int i = 0; i < 60_000; i++) {
                store.write(new StateBatch().put(row(i * 7919 % 60_000), value));
            }
            try (StateView view = store.view();
                    StateView.Cursor cursor = view.scan(Bytes.EMPTY, Bytes.EMPTY)) {
                while (cursor.next()) {
                    assertThat(cursor.key().isEmpty()).isFalse();
                }
            }

            assertThat(store.size().memoryBytes()).isLessThan(budget + (4 << 20));
            assertThat(store.size().estimatedRows()).isBetween(50_000L, 130_000L);
        }
    }

    /** By default RocksDB charges a MiB for a memtable with a few rows, and flushes when that is the budget. */
    @Test
    void manySmallStatesStayWithinTheBudget() {
        long budget = 16 << 20;
        RocksDbStateStores small = new RocksDbStateStores(
                temporary.resolve("small"), new StorageOptions(64 << 10, budget));
        try (small) {
            List<StateStore> states = new ArrayList<>();
            for (int group = 1; group <= 24; group++) {
                states.add(small.open(group, 1));
            }
            for (StateStore state : states) {
                state.write(new StateBatch().put(row(1), Bytes.of(new byte[10_000])));
            }

            assertThat(states.get(0).size().memoryBytes()).isLessThan(budget / 4);
            assertThat(states)
                    .allSatisfy(state ->
                            assertThat(state.size().diskBytes()).as("flushed").isZero());
        }
    }

    /** P3: full write buffers are flushed by themselves; what that leaves after a halt is a point between batches. */
    @Test
    void haltAfterFlushesOfItsOwnLeavesAPointBetweenTwoBatches() {
        RocksDbStateStores small = new RocksDbStateStores(
                temporary.resolve("small"), new StorageOptions(64 << 10, 16 << 20));
        try (small) {
            try (StateStore store = small.open(1, 1)) {
                for (int batch = 1; batch <= 200; batch++) {
                    StateBatch rows = new StateBatch();
                    for (int i = 0; i < 20; i++) {
                        rows.put(
                                row(i),
                                new BytesWriter(5_000)
                                        .putInt(batch)
                                        .put(Bytes.of(new byte[5_000]))
                                        .toBytes());
                    }
                    store.write(rows);
                }
            }
            try (StateStore store = small.open(1, 1)) {
                int reached = store.get(row(0)).orElseThrow().intAt(0);
                assertThat(reached).isBetween(1, 199);
                for (int i = 0; i < 20; i++) {
                    assertThat(store.get(row(i)).orElseThrow().intAt(0)).isEqualTo(reached);
                }
            }
        }
    }

    private static boolean isOpen(StateStore store) {
        try {
            store.get(row(1));
            return true;
        } catch (InvariantViolation e) {
            return false;
        }
    }

    private void writeRowsAndFlush() {
        try (StateStore store = stores.open(1, 1)) {
            for (int i = 0; i < ROWS; i++) {
                store.write(new StateBatch().put(row(i), Bytes.utf8("value-" + i * 31)));
            }
            store.flush();
        }
    }

    private void damageSst() throws IOException {
        Path sst = sstFiles().get(0);
        LogOnDisk.flip(sst, Files.size(sst) / 3);
    }

    private List<Path> sstFiles() {
        return DataFiles.list(temporary.resolve("state/1/1")).stream()
                .filter(f -> f.toString().endsWith(".sst"))
                .toList();
    }

    private static Bytes row(int i) {
        return new BytesWriter(4).putInt(i).toBytes();
    }
}
