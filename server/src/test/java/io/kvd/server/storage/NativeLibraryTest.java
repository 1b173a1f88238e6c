package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;

class NativeLibraryTest {
    @TempDir
    Path temporary = Path.of("");

    @Test
    void isUnpackedOnceAndThenUsedAgain() throws IOException {
        Path directory = NativeLibrary.unpackInto(temporary.resolve("kvd"));
        Path library = onlyFileIn(directory);
        FileTime unpacked = FileTime.fromMillis(1000);
        Files.setLastModifiedTime(library, unpacked);

        assertThat(NativeLibrary.unpackInto(temporary.resolve("kvd"))).isEqualTo(directory);
        assertThat(Files.getLastModifiedTime(onlyFileIn(directory))).isEqualTo(unpacked);
        assertThat(Files.size(library)).isGreaterThan(1 << 20);
    }

    @Test
    void isUnpackedAgainWhenItIsNotWhatIsInTheJar() throws IOException {
        Path library = onlyFileIn(NativeLibrary.unpackInto(temporary.resolve("kvd")));
        LogOnDisk.flip(library, Files.size(library) / 2);
        FileTime damaged = FileTime.fromMillis(1000);
        Files.setLastModifiedTime(library, damaged);

        Path again = onlyFileIn(NativeLibrary.unpackInto(temporary.resolve("kvd")));

        assertThat(Files.getLastModifiedTime(again)).isNotEqualTo(damaged);
    }

    /** Left by processes that were killed while they unpacked, one each. */
    @Test
    void whatWasNotUnpackedToItsEndIsDeletedOnceNobodyCanBeAtIt() throws IOException {
        Path abandoned = Files.createFile(temporary.resolve("1.partial"));
        Path beingUnpacked = Files.createFile(temporary.resolve("2.partial"));
        Path library = Files.createFile(temporary.resolve("librocksdbjni.so"));
        Files.setLastModifiedTime(abandoned, FileTime.fromMillis(1000));
        Files.setLastModifiedTime(library, FileTime.fromMillis(1000));

        NativeLibrary.deleteAbandoned(temporary);

        assertThat(DataFiles.list(temporary)).containsExactly(beingUnpacked, library);
    }

    @Test
    void isNotRunFromWhereOthersCanWrite() throws IOException {
        Path shared = temporary.resolve("kvd");
        Path directory = NativeLibrary.unpackInto(shared);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> NativeLibrary.unpackInto(shared))
                .hasMessageContaining("can be written by others");
    }

    @Test
    void versionIsTheOneThatTheDirectoryIsNamedAfter() {
        NativeLibrary.load();

        RocksDB.Version version = RocksDB.rocksdbVersion();
        assertThat("%d.%d.%d".formatted(version.getMajor(), version.getMinor(), version.getPatch()))
                .isEqualTo(NativeLibrary.VERSION);
    }

    private static Path onlyFileIn(Path directory) {
        assertThat(DataFiles.list(directory)).hasSize(1);
        return DataFiles.list(directory).get(0);
    }
}
