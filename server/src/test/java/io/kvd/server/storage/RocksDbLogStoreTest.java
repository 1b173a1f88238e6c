package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What the contract can't ask of a fake: files, failing disks, other threads. */
class RocksDbLogStoreTest {
    @TempDir
    Path temporary = Path.of("");

    @Test
    void restoreMakesNothing() {
        Path log = temporary.resolve("data/log");

        assertThat(LogOnDisk.restore(log)).isEqualTo(new RestoredLog(List.of(), List.of()));

        assertThat(temporary.resolve("data")).doesNotExist();
    }

    @Test
    void restoreChangesNothing() throws IOException {
        Path log = temporary.resolve("log");
        LogOnDisk.write(log, 40);
        var before = LogOnDisk.contents(log);

        assertThat(LogOnDisk.restore(log).groups()).hasSize(1);

        assertThat(LogOnDisk.contents(log)).isEqualTo(before);
    }

    /** RocksDB makes a directory and its column families one after the other. */
    @Test
    void birthThatWasCutShortIsAnEmptyLog() throws RocksDBException {
        Path log = temporary.resolve("log");
        DataFiles.makeDirectory(log);
        NativeLibrary.load();
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB database = RocksDB.open(options, log.toString())) {
            assertThat(database.isOwningHandle()).isTrue();
        }

        assertThat(LogOnDisk.restore(log).groups()).isEmpty();
        try (RocksDbLogStore store = RocksDbLogStore.at(log, LogOnDisk.SMALL)) {
            LogOnDisk.fill(store, 2);
        }
        assertThat(LogOnDisk.restore(log).groups().get(0).last()).isEqualTo(new EntryId(1, 8));
    }

    /** Whatever is in it: a node answers on the word of that one sync. */
    @Test
    void eachBatchIsSyncedOnce() {
        try (RocksDbLogStore store =
                RocksDbLogStore.at(temporary.resolve("log"), LogOnDisk.SMALL)) {
            LogOnDisk.fill(store, 1);
            List<LogBatch> batches = List.of(
                    new LogBatch(List.of(LogOnDisk.NODE.startedAgain(2)), List.of()),
                    hardStateOnly(),
                    LogOnDisk.batch(5),
                    LogOnDisk.batch(9));

            for (LogBatch batch : batches) {
                long before = store.walSyncs();
                store.write(batch);
                assertThat(store.walSyncs() - before).as("%s", batch).isEqualTo(1);
            }
        }
    }

    private static LogBatch hardStateOnly() {
        return new LogBatch(
                List.of(),
                List.of(new GroupWrite(1, new HardState(1, 3), List.of(), 0, List.of())));
    }

    @Test
    void secondWriterIsRefused() {
        Path log = temporary.resolve("log");
        try (RocksDbLogStore first = RocksDbLogStore.at(log, LogOnDisk.SMALL);
                RocksDbLogStore second = RocksDbLogStore.at(log, LogOnDisk.SMALL)) {
            LogOnDisk.fill(first, 1);

            assertThatThrownBy(() -> LogOnDisk.fill(second, 1))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        }
    }

    /** P6: what a failed write left is not known, so nothing follows it. */
    @Test
    void afterAFailureEveryWriteFails() {
        Path log = temporary.resolve("log");
        try (RocksDbLogStore store = RocksDbLogStore.at(log, LogOnDisk.SMALL)) {
            LogOnDisk.fill(store, 1);
            DataFiles.deleteTree(log);
            AtomicLong batches = new AtomicLong(1);

            // The WAL that is open can still be written to; the next one, or a flush, can't be
            // made.
            assertThatThrownBy(() -> {
                        while (batches.get() < 10_000) {
                            store.write(LogOnDisk.batch(1 + 4 * batches.getAndIncrement()));
                        }
                    })
                    .isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> store.write(new LogBatch(List.of(LogOnDisk.NODE), List.of())))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("failed before");
        }
    }

    @Test
    @Tag("slow")
    void cutGivesTheSpaceBack() throws Exception {
        Path log = temporary.resolve("log");
        try (RocksDbLogStore store = RocksDbLogStore.at(log, LogOnDisk.SMALL)) {
            LogOnDisk.fill(store, 500);
            assertThat(sstBytes(log)).isGreaterThan(1_000_000);

            store.write(cutTo(1900));

            // Files move to where they can be dropped in the background.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (sstBytes(log) > 500_000 && System.nanoTime() < deadline) {
                store.reclaim();
            }
            assertThat(sstBytes(log)).isLessThan(500_000);
            assertThat(store.sizeBytes(1)).isEqualTo(25 * 4 * (67L + LogOnDisk.PAYLOAD_BYTES));
            assertThat(store.load(1, 1901, 1902, 1).get(0).firstIndex()).isEqualTo(1901);
        }
        assertThat(LogOnDisk.restore(log).groups().get(0).last()).isEqualTo(new EntryId(1, 2000));
    }

    @Test
    void loadsRunBesideWritesCutsAndReclaims() throws Exception {
        try (RocksDbLogStore store =
                RocksDbLogStore.at(temporary.resolve("log"), LogOnDisk.SMALL)) {
            LogOnDisk.fill(store, 50);
            AtomicLong lastIndex = new AtomicLong(200);
            CompletableFuture<Long> loaded = CompletableFuture.supplyAsync(() -> {
                long count = 0;
                while (lastIndex.get() < 2000) {
                    long from = Math.max(1, lastIndex.get() - 100);
                    List<Run> runs = store.load(1, from, from + 50, 1 << 20);
                    // Cut away since, or whole.
                    assertThat(runs.isEmpty() || runs.get(0).firstIndex() == from)
                            .isTrue();
                    count += runs.size();
                    store.reclaim();
                }
                return count;
            });

            for (int batch = 50; batch < 500; batch++) {
                store.write(LogOnDisk.batch(1 + 4L * batch));
                lastIndex.set(4L * batch + 4);
                if (batch % 20 == 0) {
                    store.write(cutTo(4L * (batch - 20)));
                }
            }

            assertThat(loaded.get(30, TimeUnit.SECONDS)).isPositive();
        }
    }

    private static LogBatch cutTo(long index) {
        GroupRecord record = new GroupRecord(new EntryId(1, index), 1);
        return new LogBatch(
                List.of(),
                List.of(new GroupWrite(1, new HardState(1, 3), List.of(record), 0, List.of())));
    }

    private static long sstBytes(Path directory) throws IOException {
        long bytes = 0;
        for (Path file : DataFiles.list(directory)) {
            if (file.toString().endsWith(".sst")) {
                bytes += Files.exists(file) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }
}
