package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;
import io.kvd.core.raft.EntryId;
import io.kvd.server.storage.VerifyReport.StateSummary;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class VerifyDataDirTest {
    private static final Bytes APPLIED = Bytes.of(new byte[] {0});
    private static final int BATCHES = 10;
    private static final int ROWS = 3_000;

    @TempDir
    Path data = Path.of("");

    @Test
    void countsWhatItReadAndFindsNothing() {
        write(new EntryId(1, 40));

        VerifyReport report = verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.isWhole()).isTrue();
        assertThat(report.node()).containsExactly(LogOnDisk.NODE);
        assertThat(report.log().entries()).isEqualTo(4L * BATCHES);
        assertThat(report.log().entryBytes())
                .isEqualTo(4L * BATCHES * (67 + LogOnDisk.PAYLOAD_BYTES));
        assertThat(report.log().files()).isGreaterThanOrEqualTo(2);
        VerifyReport.GroupContents group = report.groups().get(0);
        assertThat(group.firstLogEntry()).isEqualTo(1);
        assertThat(group.last()).isEqualTo(new EntryId(1, 40));
        assertThat(group.state().get(0).rows()).isEqualTo(ROWS + 1);
        assertThat(group.state().get(0).summary())
                .isEqualTo(new StateSummary(new EntryId(1, 40), Bytes.EMPTY));
    }

    @Test
    void changesNothing() throws IOException {
        write(new EntryId(1, 40));
        var log = LogOnDisk.contents(data.resolve("log"));
        var state = LogOnDisk.contents(data.resolve("state/1/1"));

        verify();

        assertThat(LogOnDisk.contents(data.resolve("log"))).isEqualTo(log);
        assertThat(LogOnDisk.contents(data.resolve("state/1/1"))).isEqualTo(state);
    }

    @Test
    void nodeWithoutStateYetIsWhole() throws IOException {
        write(new EntryId(1, 40));
        DataFiles.deleteTree(data.resolve("state"));

        VerifyReport report = verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.groups().get(0).state()).isEmpty();
    }

    @Test
    void findsDamageOfTheLog() throws IOException {
        write(new EntryId(1, 40));
        Path wal = LogOnDisk.wals(data.resolve("log")).get(0);
        LogOnDisk.flip(wal, Files.size(wal) / 2);

        assertFound("log", ".log");
    }

    @Test
    void findsDamageOfAStateSst() throws IOException {
        write(new EntryId(1, 40));
        for (Path file : DataFiles.list(data.resolve("state/1/1"))) {
            if (file.toString().endsWith(".sst")) {
                LogOnDisk.flip(file, Files.size(file) / 3);
            }
        }

        assertFound("state/1/1", ".sst");
    }

    @Test
    void findsARowThatMakesNoSense() {
        write(new EntryId(1, 40));
        try (RocksDbStateStores stores =
                        new RocksDbStateStores(data.resolve("state"), StorageOptions.DEFAULT);
                StateStore store = stores.open(1, 1)) {
            store.write(new StateBatch().put(Bytes.utf8("unknown"), Bytes.EMPTY));
            store.flush();
        }

        assertFound("state/1/1", "no such row");
    }

    @Test
    void findsAStateThatTheLogDoesNotReach() {
        write(new EntryId(1, 41));

        assertFound("state/1/1", "ends at 41/t1");
    }

    @Test
    void findsAStateWithoutALog() throws IOException {
        write(new EntryId(1, 40));
        Files.createDirectories(data.resolve("state/2/1"));

        assertFound("state", "state/2");
    }

    @Test
    void directoryInUseOrOfSomethingElseIsRefused() {
        assertThatThrownBy(this::verify)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        write(new EntryId(1, 40));
        try (DataDirectory held = DataDirectory.open(data)) {
            assertThatThrownBy(this::verify)
                    .hasMessageContaining("in use")
                    .hasMessageContaining(held.path().toString());
        }
    }

    /** A log of 40 entries, and a state that says it applied them up to {@code applied}. */
    private void write(EntryId applied) {
        DataDirectory.open(data).close();
        try (RocksDbLogStore log =
                RocksDbLogStore.at(data.resolve("log"), StorageOptions.DEFAULT)) {
            LogOnDisk.fill(log, BATCHES);
        }
        try (RocksDbStateStores stores =
                        new RocksDbStateStores(data.resolve("state"), StorageOptions.DEFAULT);
                StateStore store = stores.open(1, 1)) {
            StateBatch batch = new StateBatch()
                    .put(
                            APPLIED,
                            new BytesWriter(16)
                                    .putLong(applied.term())
                                    .putLong(applied.index())
                                    .toBytes());
            for (int i = 0; i < ROWS; i++) {
                batch.put(Bytes.utf8("key" + i), Bytes.utf8("value" + i * 31));
            }
            store.write(batch);
            store.flush();
        }
    }

    private void assertFound(String where, String what) {
        VerifyReport report = verify();
        assertThat(report.isWhole()).isFalse();
        assertThat(report.findings()).hasSize(1);
        assertThat(report.findings().get(0).where())
                .isEqualTo(data.resolve(where).toString());
        assertThat(report.findings().get(0).what()).contains(what);
    }

    private VerifyReport verify() {
        return VerifyDataDir.verify(data, StorageOptions.DEFAULT, KnownRows::new);
    }

    /** Rows named key…, and the one that says what was applied. */
    private static final class KnownRows implements StateCheck {
        private EntryId applied = EntryId.NONE;

        @Override
        public void row(Bytes key, Bytes value) {
            if (key.equals(APPLIED)) {
                applied = new EntryId(value.longAt(0), value.longAt(8));
            } else if (!key.startsWith(Bytes.utf8("key"))) {
                throw new DamagedException("no such row: " + key);
            }
        }

        @Override
        public StateSummary finish(StateView view) {
            return new StateSummary(applied, Bytes.EMPTY);
        }
    }
}
