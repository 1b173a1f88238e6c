package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A node in a crash loop: what each start makes is bounded, however many there were. */
class ManyRestartsTest {
    private static final int RESTARTS = 60;
    /** Of all kinds together, in one database: those below are bounded one by one. */
    private static final int MAX_FILES = 32;

    @TempDir
    Path temporary = Path.of("");

    /** As a cluster of one that nobody writes to: an incarnation, a term and its first entry each time. */
    @Test
    void filesOfALogDoNotGrowWithItsRestarts() {
        Path log = temporary.resolve("log");
        LogBatch first =
                new LogBatch(List.of(LogOnDisk.NODE), List.of(entry(1, 1, List.of(initial()))));
        writeOnce(log, first);
        for (int restart = 2; restart <= RESTARTS; restart++) {
            writeOnce(
                    log,
                    new LogBatch(
                            List.of(LogOnDisk.NODE.startedAgain(restart)),
                            List.of(entry(restart, restart, List.of()))));

            assertBounded(log);
        }

        RestoredLog.RestoredGroup group = LogOnDisk.restore(log).groups().get(0);
        assertThat(group.last()).isEqualTo(new EntryId(RESTARTS, RESTARTS));
        assertThat(group.termStarts()).hasSize(RESTARTS);
    }

    /** Tables that are not small stay as they are: a start does not copy the log. */
    @Test
    void mergingLeavesLargeTablesAlone() {
        Path log = temporary.resolve("log");
        try (RocksDbLogStore store = RocksDbLogStore.at(log, LogOnDisk.SMALL)) {
            LogOnDisk.fill(store, 100);
        }
        LogOnDisk.restore(log);
        for (int restart = 1; restart <= 3; restart++) {
            writeOnce(log, LogOnDisk.batch(401 + 4L * (restart - 1)));
        }
        List<String> large = tablesOf(log, LogOnDisk.SMALL.logWriteBufferBytes() / 2);

        for (int restart = 4; restart <= 24; restart++) {
            writeOnce(log, LogOnDisk.batch(401 + 4L * (restart - 1)));
        }

        assertThat(tablesOf(log, LogOnDisk.SMALL.logWriteBufferBytes() / 2)).containsAll(large);
        assertThat(large).isNotEmpty();
        assertThat(LogOnDisk.restore(log).groups().get(0).last()).isEqualTo(new EntryId(1, 496));
    }

    @Test
    void filesOfAStateDoNotGrowWithItsRestarts() {
        Path root = temporary.resolve("state");
        for (int restart = 1; restart <= RESTARTS; restart++) {
            try (RocksDbStateStores states = new RocksDbStateStores(root, LogOnDisk.SMALL);
                    StateStore state = states.open(1, 1)) {
                state.write(new StateBatch()
                        .put(Bytes.utf8("applied"), Bytes.utf8(String.valueOf(restart))));
                state.flush();
            }

            assertThat(DataFiles.list(root.resolve("1/1")))
                    .as("after %d restarts", restart)
                    .hasSizeLessThanOrEqualTo(MAX_FILES);
        }
    }

    private static void assertBounded(Path log) {
        TreeMap<String, Integer> kinds = new TreeMap<>();
        for (Path file : DataFiles.list(log)) {
            String kind = file.getFileName().toString().replaceAll("[-0-9]+", "");
            kinds.merge(kind, 1, Integer::sum);
        }
        assertThat(kinds.getOrDefault(".sst", 0))
                .as("%s", kinds)
                .isLessThanOrEqualTo(2 * SmallTables.MAX_COUNT);
        assertThat(kinds.values().stream().mapToInt(Integer::intValue).sum())
                .as("%s", kinds)
                .isLessThanOrEqualTo(MAX_FILES);
    }

    private static List<String> tablesOf(Path log, long minBytes) {
        List<String> tables = new ArrayList<>();
        for (Path file : DataFiles.list(log)) {
            if (file.toString().endsWith(".sst") && file.toFile().length() >= minBytes) {
                tables.add(file.getFileName().toString());
            }
        }
        return tables;
    }

    private static void writeOnce(Path log, LogBatch batch) {
        try (RocksDbLogStore store = RocksDbLogStore.at(log, LogOnDisk.SMALL)) {
            store.restore();
            store.write(batch);
        }
    }

    private static GroupRecord initial() {
        return GroupRecord.INITIAL;
    }

    private static GroupWrite entry(long term, long index, List<GroupRecord> group) {
        Entry entry = new Entry(
                new EntryId(term, index),
                EntryKind.NOOP,
                Entry.Stamp.ZERO,
                Entry.Origin.NONE,
                Bytes.EMPTY);
        return new GroupWrite(
                1, new HardState(term, 3), group, 0, List.of(Run.encode(1, List.of(entry))));
    }
}
