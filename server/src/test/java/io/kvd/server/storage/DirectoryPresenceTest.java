package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A directory that is taken away under a node: open files fail nothing, so its presence is proven. */
class DirectoryPresenceTest {
    @TempDir
    Path temporary = Path.of("");

    private Path path = Path.of("");
    private Opened opened;

    /** What a server has open. */
    private record Opened(
            DataDirectory data, RocksDbLogStore log, RocksDbStateStores states, StateStore state) {
        static Opened at(Path path) {
            DataDirectory data = DataDirectory.open(path);
            RocksDbLogStore log = RocksDbLogStore.at(data.logDirectory(), LogOnDisk.SMALL);
            LogOnDisk.fill(log, 3);
            RocksDbStateStores states =
                    new RocksDbStateStores(data.stateDirectory(), LogOnDisk.SMALL);
            StateStore state = states.open(1, 1);
            state.write(new StateBatch().put(Bytes.utf8("key"), Bytes.utf8("value")));
            state.flush();
            return new Opened(data, log, states, state);
        }

        DirectoryPresence presence() {
            return new DirectoryPresence(data, log, states);
        }

        void close() {
            states.close();
            log.close();
            data.close();
        }
    }

    @BeforeEach
    void open() {
        path = temporary.resolve("data");
        opened = Opened.at(path);
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void directoryInUseIsThere() {
        opened.presence().check();
        opened.presence().checkFiles();
    }

    @Test
    void removedDirectoryIsNotThere() {
        DataFiles.deleteTree(path);

        assertGone("data/LOCK");
    }

    @Test
    void directoryThatWasMovedAwayIsNotThereThoughAnEmptyOneIs() throws IOException {
        Files.move(path, temporary.resolve("elsewhere"));
        Files.createDirectory(path);

        assertGone("data/LOCK");
    }

    /** As a restored copy, or another file system that is mounted over it: all names are there. */
    @Test
    void copyInItsPlaceIsNotTheDirectory() throws IOException {
        for (String part : List.of("", "log", "state", "state/1", "state/1/1")) {
            replaceByACopy(path.resolve(part));

            assertGone("LOCK");

            close();
            DataFiles.deleteTree(path);
            open();
        }
    }

    @Test
    void partThatIsRemovedIsNotThere() throws IOException {
        for (String part : List.of("LOCK", "log", "state", "state/1", "state/1/1")) {
            DataFiles.deleteTree(path.resolve(part));

            assertGone("LOCK");

            close();
            DataFiles.deleteTree(path);
            open();
        }
    }

    @Test
    void directoriesThatWereEmptiedAreNotThere() throws IOException {
        for (String part : List.of("", "log", "state/1/1")) {
            for (Path file : DataFiles.list(path.resolve(part))) {
                DataFiles.deleteTree(file);
            }

            assertGone("LOCK");

            close();
            DataFiles.deleteTree(path);
            open();
        }
    }

    @Test
    void anyFileOfADatabaseThatIsMissingIsMissed() throws IOException {
        for (String part : List.of("log", "state/1/1")) {
            for (String name : List.of("CURRENT", "MANIFEST-", ".sst", "WAL")) {
                boolean isThere = delete(path.resolve(part), name);

                if (isThere) {
                    opened.presence().check();
                    assertThatThrownBy(() -> opened.presence().checkFiles())
                            .as("%s in %s", name, part)
                            .isInstanceOfSatisfying(
                                    StorageException.class,
                                    e -> assertThat(e.kind()).isEqualTo(Kind.IO));
                }
                assertThat(isThere).isEqualTo(isExpected(part, name));

                close();
                DataFiles.deleteTree(path);
                open();
            }
        }
    }

    // The state's WAL is not written to; the log is still in its own.
    private static boolean isExpected(String part, String name) {
        return part.equals("log") ? !name.equals(".sst") : !name.equals("WAL");
    }

    private static boolean delete(Path directory, String name) throws IOException {
        boolean isThere = false;
        boolean isWal = name.equals("WAL");
        for (Path file : DataFiles.list(directory)) {
            String found = file.getFileName().toString();
            boolean isState = directory.endsWith("1");
            if ((isWal && !isState) ? found.endsWith(".log") : (!isWal && found.contains(name))) {
                Files.delete(file);
                isThere = true;
            }
        }
        return isThere;
    }

    @Test
    void stateThatIsReplacedAndDeletedInTheCourseOfThingsIsNotMissed() {
        StateStore next = opened.states().open(1, 2);
        opened.state().close();
        opened.states().delete(1, 1);

        opened.presence().checkFiles();
        assertThat(next.get(Bytes.utf8("key"))).isEmpty();
    }

    @Test
    void nothingIsAcknowledgedForLongerThanAMoment() {
        long[] now = {0};
        ProvenLogStore log = new ProvenLogStore(opened.log(), opened.presence(), () -> now[0]);
        log.write(LogOnDisk.batch(13));
        DataFiles.deleteTree(path);

        now[0] = ProvenLogStore.MAX_AGE_MS * 1_000_000 - 1;
        assertThatCode(() -> log.write(LogOnDisk.batch(17))).doesNotThrowAnyException();
        now[0]++;
        assertThatThrownBy(() -> log.write(LogOnDisk.batch(21)))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.IO));
    }

    @Test
    void logIsNotCutBehindAStateThatIsNotThere() {
        ProvenLogStore log = new ProvenLogStore(opened.log(), opened.presence(), () -> 0);
        DataFiles.deleteTree(path.resolve("state"));
        GroupRecord cut = new GroupRecord(new EntryId(1, 4), 1);

        assertThatThrownBy(() -> log.write(new LogBatch(
                        List.of(),
                        List.of(new GroupWrite(
                                1, new HardState(1, 3), List.of(cut), 0, List.of())))))
                .isInstanceOf(StorageException.class);

        opened.close();
        assertThat(LogOnDisk.restore(path.resolve("log")).groups().get(0).group())
                .isEqualTo(GroupRecord.INITIAL);
    }

    private void assertGone(String what) {
        for (Runnable look : Stream.<Runnable>of(
                        opened.presence()::check, opened.presence()::checkFiles)
                .toList()) {
            assertThatThrownBy(look::run)
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.IO))
                    .hasMessageContaining(what)
                    .hasMessageContaining("removed, replaced, unmounted or mounted over");
        }
    }

    private void replaceByACopy(Path directory) throws IOException {
        Path aside = temporary.resolve("aside");
        DataFiles.deleteTree(aside);
        Files.move(directory, aside);
        try (Stream<Path> tree = Files.walk(aside)) {
            for (Path file : tree.toList()) {
                Files.copy(file, directory.resolve(aside.relativize(file).toString()));
            }
        }
        assertThat(Optional.of(directory)).get().matches(Files::isDirectory);
    }
}
