package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Crc32c;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.raft.EntryId;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a start does with a log that is not what was written (RELIABILITY §4.2, 15-18). */
class RocksDbLogDamageTest {
    private static final int BATCHES = 30;
    private static final long BATCH_BYTES = 4 * (67 + LogOnDisk.PAYLOAD_BYTES);

    @TempDir
    Path temporary = Path.of("");

    private long batchesInThreeWals;

    /** Only what is not fsynced can be torn: in a test, the last batch stands for it. */
    @ParameterizedTest(name = "last {0} bytes of the last WAL cut")
    @ValueSource(longs = {1, 8, 200, 1000, BATCH_BYTES})
    void tornTailLosesTheLastBatchOnly(long cut) throws IOException {
        Path log = written();
        LogOnDisk.cutTail(last(LogOnDisk.wals(log)), cut);

        assertThat(LogOnDisk.restore(log).groups().get(0).last())
                .isEqualTo(new EntryId(1, 4 * (BATCHES - 1)));
        goOnWriting(log, BATCHES - 1);
        assertThat(LogOnDisk.restore(log).groups().get(0).last())
                .isEqualTo(new EntryId(1, 4 * BATCHES));
    }

    @Test
    void flippedByteAnywhereInTheWalIsRefusedAndNothingChanged() throws IOException {
        Path log = written();
        Path wal = last(LogOnDisk.wals(log));
        long size = Files.size(wal);
        for (long position = 3; position < size; position += size / 12) {
            LogOnDisk.flip(wal, position);
            Map<String, Bytes> before = LogOnDisk.contents(log);

            assertRefusedAsDamaged(
                    () -> LogOnDisk.restore(log), log.toString(), "Move the data directory away");
            assertThat(LogOnDisk.contents(log)).isEqualTo(before);

            LogOnDisk.flip(wal, position);
        }
        assertThat(LogOnDisk.restore(log).groups().get(0).last())
                .isEqualTo(new EntryId(1, 4 * BATCHES));
    }

    /** RocksDB forgives a torn tail in any live WAL; the loss of what the next WAL follows must still show. */
    @Test
    void tornTailOfAnEarlierWalIsRefused() throws IOException, RocksDBException {
        Path log = writtenInThreeWals();
        List<Path> wals = LogOnDisk.wals(log);
        assertThat(wals).hasSize(3);
        for (Path wal : wals.subList(0, wals.size() - 1)) {
            for (long cut : new long[] {1, BATCH_BYTES / 2, BATCH_BYTES + 300, 3 * BATCH_BYTES}) {
                byte[] whole = Files.readAllBytes(wal);
                LogOnDisk.cutTail(wal, cut);

                assertRefusedAsDamaged(() -> LogOnDisk.restore(log), log.toString());

                Files.write(wal, whole);
            }
        }
        LogOnDisk.cutTail(last(wals), 1);
        assertThat(LogOnDisk.restore(log).groups().get(0).last())
                .isEqualTo(new EntryId(1, 4L * (batchesInThreeWals - 1)));
    }

    @Test
    void missingWalIsRefused() throws IOException, RocksDBException {
        Path log = writtenInThreeWals();
        for (Path wal : LogOnDisk.wals(log).subList(0, 2)) {
            byte[] whole = Files.readAllBytes(wal);
            Files.delete(wal);

            assertRefusedAsDamaged(() -> LogOnDisk.restore(log), log.toString());

            Files.write(wal, whole);
        }
    }

    @Test
    void damagedSstIsRefused() throws IOException {
        Path log = written();
        flushAll(log);
        for (Path file : DataFiles.list(log)) {
            if (file.toString().endsWith(".sst")) {
                LogOnDisk.flip(file, Files.size(file) / 3);
            }
        }

        assertRefusedAsDamaged(() -> LogOnDisk.restore(log), ".sst");
    }

    @Test
    void missingSstIsRefused() throws IOException {
        Path log = written();
        flushAll(log);
        for (Path file : DataFiles.list(log)) {
            if (file.toString().endsWith(".sst")) {
                Files.delete(file);
            }
        }

        assertRefusedAsDamaged(() -> LogOnDisk.restore(log), ".sst");
    }

    @Test
    void missingCurrentIsNotTakenForANewLog() throws IOException {
        Path log = written();
        Files.delete(log.resolve("CURRENT"));

        assertRefusedAsDamaged(() -> LogOnDisk.restore(log), "CURRENT");
    }

    @Test
    void missingNodeRecordIsRefused() throws IOException {
        Path log = written();
        deleteRecord(log, LogKeys.nodeKey());

        assertRefusedAsDamaged(() -> LogOnDisk.restore(log), "NODE record is missing");
    }

    @Test
    void missingHardStateIsRefused() throws IOException {
        Path log = written();
        deleteRecord(log, LogKeys.hardStateKey(1));

        assertRefusedAsDamaged(
                () -> LogOnDisk.restore(log), "HARD_STATE record of group 1 is missing");
    }

    @Test
    void missingGroupRecordIsRefused() throws IOException {
        Path log = written();
        deleteRecord(log, LogKeys.groupKey(1));

        assertRefusedAsDamaged(() -> LogOnDisk.restore(log), "GROUP record of group 1 is missing");
    }

    @Test
    void runsOfAGroupWithoutRecordsAreRefused() throws IOException {
        Path log = written();
        deleteRecord(log, LogKeys.groupKey(1));
        deleteRecord(log, LogKeys.hardStateKey(1));

        assertRefusedAsDamaged(() -> LogOnDisk.restore(log), "group 1 is missing");
    }

    @ParameterizedTest(name = "run at index {0}")
    @ValueSource(longs = {1, 41, 4 * (BATCHES - 1) + 1})
    void missingRunIsRefused(long firstIndex) throws IOException {
        Path log = written();
        change(
                log,
                database -> database.database()
                        .delete(database.runs(), LogKeys.runKey(1, firstIndex).toArray()));

        assertRefusedAsDamaged(() -> LogOnDisk.restore(log), "group 1");
    }

    @Test
    void changedRunIsRefusedThoughRocksDbKnowsNothing() throws IOException {
        Path log = written();
        change(log, database -> {
            byte[] key = LogKeys.runKey(1, 41).toArray();
            byte[] value = database.database().get(database.runs(), key);
            value[value.length - 1] ^= 1;
            database.database().put(database.runs(), key, value);
        });

        assertRefusedAsDamaged(
                () -> LogOnDisk.restore(log), "of group 1 at index 41", "entry at index 44");
    }

    @Test
    void hardStateOfAnotherGroupIsRefused() throws IOException {
        Path log = written();
        change(log, database -> {
            byte[] value = database.database()
                    .get(database.records(), LogKeys.hardStateKey(1).toArray());
            database.database().put(database.records(), LogKeys.hardStateKey(2).toArray(), value);
        });

        assertRefusedAsDamaged(() -> LogOnDisk.restore(log), "HARD_STATE of group 2", "checksum");
    }

    @Test
    void directoryOfANewerFormatAsksForAnUpgrade() throws IOException {
        Path log = written();
        Bytes newer = LogKeys.encode(LogOnDisk.NODE).slice(4);
        BytesWriter changed = new BytesWriter(64)
                .putInt(0)
                .putInt(NodeRecord.FORMAT_VERSION + 8)
                .putInt(NodeRecord.FORMAT_VERSION + 7)
                .put(newer.slice(8));
        changed.setInt(
                0,
                new Crc32c()
                        .update(LogKeys.nodeKey())
                        .update(changed.written(4))
                        .value());
        change(
                log,
                database -> database.database()
                        .put(
                                database.records(),
                                LogKeys.nodeKey().toArray(),
                                changed.toBytes().toArray()));

        assertThatThrownBy(() -> LogOnDisk.restore(log))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("upgrade");
    }

    @Test
    void damageFoundByLoadIsReported() throws IOException {
        Path log = written();
        try (RocksDbLogStore store = RocksDbLogStore.at(log, LogOnDisk.SMALL)) {
            store.restore();
            store.write(new LogBatch(List.of(LogOnDisk.NODE), List.of()));
            for (Path file : DataFiles.list(log)) {
                if (file.toString().endsWith(".sst")) {
                    LogOnDisk.flip(file, Files.size(file) / 2);
                }
            }

            assertThatThrownBy(() -> store.load(1, 1, 4 * BATCHES, 1 << 30))
                    .isInstanceOf(StorageException.class);
        }
    }

    /** Everything a start needs, in one WAL. */
    private Path written() throws IOException {
        Path log = temporary.resolve("log");
        LogOnDisk.write(log, BATCHES);
        assertThat(LogOnDisk.wals(log)).hasSize(1);
        return log;
    }

    /** While nothing is flushed, each full write buffer leaves its WAL behind. */
    private Path writtenInThreeWals() throws IOException, RocksDBException {
        Path log = temporary.resolve("log");
        Path live = temporary.resolve("live");
        try (RocksDbLogStore store = RocksDbLogStore.at(live, LogOnDisk.SMALL)) {
            LogOnDisk.fill(store, 0);
            RocksDB database = store.database();
            database.pauseBackgroundWork();
            int batches = 0;
            while (LogOnDisk.wals(live).size() < 3) {
                store.write(LogOnDisk.batch(1 + 4L * batches));
                batches++;
            }
            store.write(LogOnDisk.batch(1 + 4L * batches));
            batchesInThreeWals = batches + 1L;
            LogOnDisk.copy(live, log);
            database.continueBackgroundWork();
        }
        return log;
    }

    private static void goOnWriting(Path log, int batchesBefore) {
        try (RocksDbLogStore store = RocksDbLogStore.at(log, LogOnDisk.SMALL)) {
            store.restore();
            store.write(LogOnDisk.batch(1 + 4L * batchesBefore));
        }
    }

    /** Opening for writing leaves everything in SSTs. */
    private static void flushAll(Path log) {
        change(log, database -> {});
    }

    private static void deleteRecord(Path log, Bytes key) {
        change(log, database -> database.database().delete(database.records(), key.toArray()));
    }

    private static void change(Path log, Change change) {
        try (LogDatabase database = LogDatabase.open(log, LogOnDisk.SMALL, new FirstFailure())) {
            change.apply(database);
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
    }

    private interface Change {
        void apply(LogDatabase database) throws RocksDBException;
    }

    private static void assertRefusedAsDamaged(ThrowingCallable start, String... saying) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGE))
                .hasMessageContainingAll(saying);
    }

    private static Path last(List<Path> files) {
        return files.get(files.size() - 1);
    }
}
