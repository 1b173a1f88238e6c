package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

class DataDirectoryTest {
    @TempDir
    Path temporary = Path.of("");

    @Test
    void makesADirectoryThatIsMissing() {
        Path path = temporary.resolve("a/b/data");

        try (DataDirectory directory = DataDirectory.open(path)) {
            assertThat(directory.logDirectory()).isEqualTo(path.resolve("log"));
        }

        assertThat(names(path)).containsExactly("LOCK");
    }

    @Test
    void opensAgainAfterAStartThatDidNotComeFar() {
        DataDirectory.open(temporary.resolve("data")).close();

        DataDirectory.open(temporary.resolve("data")).close();
    }

    @Test
    void foreignDirectoryIsRefusedAndLeftAlone() throws IOException {
        Files.createDirectories(temporary.resolve("photos"));
        Files.writeString(temporary.resolve("letter.txt"), "dear");

        assertRefused(
                () -> DataDirectory.open(temporary),
                "neither empty nor a kvd data directory",
                "letter.txt, photos");
        assertThat(names(temporary)).containsExactly("letter.txt", "photos");
    }

    @Test
    void fileIsRefused() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertRefused(() -> DataDirectory.open(file), file + " is not a directory");
        assertRefused(
                () -> DataDirectory.open(file.resolve("a/data")), file + " is not a directory");
    }

    @Test
    void fileInPlaceOfTheLogsDirectoryIsRefused() throws IOException {
        Files.writeString(temporary.resolve("log"), "x");

        assertRefused(() -> DataDirectory.open(temporary), "listing", "log: not a directory");
    }

    @Test
    void directoryInPlaceOfTheLocksFileIsRefused() throws IOException {
        Files.createDirectories(temporary.resolve("LOCK"));

        assertRefused(() -> DataDirectory.open(temporary), "opening", "Is a directory");
    }

    @Test
    void directoryWithoutPermissionIsRefused() throws IOException {
        Path path = Files.createDirectory(
                temporary.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeThat(Files.isWritable(path)).as("run by root").isFalse();

        assertRefused(() -> DataDirectory.open(path), "can't be written by this user");
        assertRefused(() -> DataDirectory.open(path.resolve("below")), "permission denied");
    }

    @Test
    void logWithoutPermissionIsRefusedAndNotTakenForAFailedDisk() throws IOException {
        openWith(GroupRecord.INITIAL).close();
        Path log = temporary.resolve("log");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(log)).as("run by root").isFalse();

        try (DataDirectory directory = DataDirectory.open(temporary)) {
            assertRefused(() -> restored(directory), "log", "can't be written by this user");
        } finally {
            Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void secondOpeningInThisProcessIsRefused() {
        try (DataDirectory first = DataDirectory.open(temporary)) {
            assertRefused(
                    () -> DataDirectory.open(first.path()),
                    "in use by process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void secondProcessIsRefusedAndToldWhoHoldsIt() throws IOException {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        temporary.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("holding");

            assertRefused(() -> DataDirectory.open(temporary), "in use by process " + holder.pid());
        } finally {
            holder.destroyForcibly();
            holder.onExit().join();
        }
        DataDirectory.open(temporary).close();
    }

    /** The other process. */
    public static final class Holder {
        public static void main(String[] path) throws IOException {
            try (DataDirectory held = DataDirectory.open(Path.of(path[0]))) {
                System.out.println("holding");
                assertThat(System.in.read()).as(held.path().toString()).isEqualTo(-1);
            }
        }
    }

    @Test
    void stateWithoutLogIsRefused() throws IOException {
        Files.createDirectories(temporary.resolve("state/1/1"));

        assertRefused(() -> DataDirectory.open(temporary), "its log is missing");
        assertThat(names(temporary)).containsExactly("state");
    }

    @Test
    void logWithoutCurrentIsRefused() throws IOException {
        Files.createDirectories(temporary.resolve("log"));
        Files.writeString(temporary.resolve("log/000004.log"), "x");

        assertThatThrownBy(() -> DataDirectory.open(temporary)).hasMessageContaining("CURRENT");
    }

    @Test
    void stateBesideALogWithoutIdentityIsRefused() throws IOException {
        Files.createDirectories(temporary.resolve("state/1/1"));
        RestoredLog unborn = new RestoredLog(List.of(), List.of());

        try (DataDirectory directory = openWith(GroupRecord.INITIAL)) {
            assertRefused(() -> directory.accept(unborn), "no identity");
        }
    }

    @Test
    void stateOfAGroupThatTheLogDoesNotKnowIsRefused() throws IOException {
        Files.createDirectories(temporary.resolve("state/2/1"));

        try (DataDirectory directory = openWith(GroupRecord.INITIAL)) {
            assertRefused(() -> directory.accept(restored(directory)), "state/2");
        }
    }

    @Test
    void whatTheLogDoesNotNameIsDeletedAndTheRestKept() throws IOException {
        for (String left :
                List.of("state/1/1", "state/1/2", "state/1/3", "incoming/7", "outgoing/8")) {
            Files.createDirectories(temporary.resolve(left));
            Files.writeString(temporary.resolve(left).resolve("CURRENT"), "x");
        }

        try (DataDirectory directory = openWith(new GroupRecord(new EntryId(1, 10), 2))) {
            directory.accept(restored(directory));
        }

        assertThat(names(temporary)).containsExactly("LOCK", "log", "state");
        assertThat(names(temporary.resolve("state/1"))).containsExactly("2");
    }

    @Test
    void missingGenerationIsRefusedAndNothingDeleted() throws IOException {
        Files.createDirectories(temporary.resolve("state/1/1"));
        Files.createDirectories(temporary.resolve("incoming/7"));

        try (DataDirectory directory = openWith(new GroupRecord(new EntryId(1, 10), 2))) {
            assertRefused(() -> directory.accept(restored(directory)), "state/1/2", "is missing");
        }

        assertThat(names(temporary.resolve("state/1"))).containsExactly("1");
        assertThat(names(temporary)).contains("incoming");
    }

    @Test
    void firstStateMayBeMissingWhileTheLogIsWhole() {
        try (DataDirectory directory = openWith(GroupRecord.INITIAL)) {
            directory.accept(restored(directory));
        }

        assertThat(names(temporary)).containsExactly("LOCK", "log");
    }

    /** A directory whose log has one group with that record. */
    private DataDirectory openWith(GroupRecord record) {
        try (RocksDbLogStore log = RocksDbLogStore.at(temporary.resolve("log"), LogOnDisk.SMALL)) {
            log.restore();
            log.write(new LogBatch(
                    List.of(LogOnDisk.NODE),
                    List.of(new GroupWrite(
                            1, new HardState(1, 3), List.of(record), 0, List.of()))));
        }
        return DataDirectory.open(temporary);
    }

    private static RestoredLog restored(DataDirectory directory) {
        return LogOnDisk.restore(directory.logDirectory());
    }

    private static void assertRefused(ThrowingCallable start, String... saying) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageStartingWith("refusing to start: ")
                .hasMessageContainingAll(saying);
    }

    private static List<String> names(Path directory) {
        return DataFiles.list(directory).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }
}
