package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateStore;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.NodeStart;
import io.kvd.core.node.RestoredLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A first start may die at any step, within RocksDB too: the next one goes on from whatever it left. */
class InterruptedStartTest {
    private static final InitialCluster CLUSTER = new InitialCluster(
            "a",
            1,
            List.of(
                    new InitialCluster.InitialMember(1, "n1", "", ""),
                    new InitialCluster.InitialMember(2, "n2", "", "")));
    private static final Bytes STORE = Bytes.utf8("store-of-16-byte");
    private static final Bytes OTHER_STORE = Bytes.utf8("another-16-bytes");
    /** In RocksDB's order; CURRENT makes it a database. */
    private static final List<String> BEGINNINGS =
            List.of("LOCK", "LOG", "IDENTITY", "MANIFEST-000001", "000001.dbtmp");

    @TempDir
    Path temporary = Path.of("");

    @Test
    void beforeAnythingWasMade() throws IOException {
        Path data = Files.createDirectory(temporary.resolve("data"));

        assertThat(start(data, STORE)).isEqualTo(1);
    }

    @Test
    void withinTheMakingOfTheLog() throws IOException {
        for (int made = 0; made <= BEGINNINGS.size(); made++) {
            Path data = Files.createDirectory(temporary.resolve("data" + made));
            Files.createFile(data.resolve("LOCK"));
            begin(Files.createDirectory(data.resolve("log")), made);

            assertThat(start(data, STORE)).as("%d files", made).isEqualTo(1);
            assertThat(start(data, OTHER_STORE)).as("%d files", made).isEqualTo(2);
        }
    }

    @Test
    void beforeTheLogGotItsSecondColumnFamily() throws IOException, RocksDBException {
        Path log = Files.createDirectories(temporary.resolve("log"));
        NativeLibrary.load();
        try (Options options = new Options().setCreateIfMissing(true)) {
            RocksDB.open(options, log.toString()).close();
        }

        assertThat(start(temporary, STORE)).isEqualTo(1);
        assertThat(start(temporary, OTHER_STORE)).isEqualTo(2);
    }

    @Test
    void afterTheIdentityAndBeforeTheFirstState() {
        try (RocksDbLogStore log = RocksDbLogStore.at(temporary.resolve("log"), LogOnDisk.SMALL)) {
            NodeStart.of(CLUSTER, log.restore(), STORE).persist(log);
        }

        assertThat(start(temporary, OTHER_STORE)).isEqualTo(2);
    }

    @Test
    void withinTheMakingOfTheFirstState() throws IOException {
        for (int made = 0; made <= BEGINNINGS.size(); made++) {
            Path data = Files.createDirectory(temporary.resolve("data" + made));
            start(data, STORE);
            DataFiles.deleteTree(data.resolve("state"));
            begin(Files.createDirectories(data.resolve("state/1/1")), made);

            assertThat(start(data, OTHER_STORE)).as("%d files", made).isEqualTo(2);
        }
    }

    @Test
    void withNoMoreThanTheNamesOfTheStatesDirectories() throws IOException {
        for (String made : List.of("state", "state/1")) {
            start(temporary, STORE);
            DataFiles.deleteTree(temporary.resolve("state"));
            Files.createDirectories(temporary.resolve(made));

            start(temporary, OTHER_STORE);
        }

        assertThat(start(temporary, OTHER_STORE)).isEqualTo(5);
    }

    @Test
    void beforeTheBirth() {
        for (int incarnation = 1; incarnation <= 5; incarnation++) {
            assertThat(start(temporary, incarnation == 1 ? STORE : OTHER_STORE))
                    .isEqualTo(incarnation);
        }
    }

    /** Of the files that a new database begins with so many, torn as those are that were not synced. */
    private static void begin(Path database, int made) throws IOException {
        for (String name : BEGINNINGS.subList(0, made)) {
            Files.createFile(database.resolve(name));
        }
    }

    /** As a server does before anybody hears of it; returns its incarnation, and keeps its first identity. */
    private static long start(Path path, Bytes freshStoreId) {
        try (DataDirectory data = DataDirectory.open(path);
                RocksDbLogStore log = RocksDbLogStore.at(data.logDirectory(), LogOnDisk.SMALL);
                RocksDbStateStores states =
                        new RocksDbStateStores(data.stateDirectory(), LogOnDisk.SMALL)) {
            RestoredLog restored = log.restore();
            NodeStart start = NodeStart.of(CLUSTER, restored, freshStoreId);
            data.accept(restored);
            if (start.isFirst()) {
                start.persist(log);
            }
            try (StateStore state = states.open(1, start.stateGeneration(1))) {
                assertThat(state.get(Bytes.utf8("anything"))).isEmpty();
            }
            if (!start.isFirst()) {
                start.persist(log);
            }
            assertThat(start.record().storeId()).isEqualTo(STORE);
            return start.record().incarnation();
        }
    }
}
