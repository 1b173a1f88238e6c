package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.DamagedException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Damage that RocksDB itself takes for the end of a file: each of these bits once made a whole log disappear. */
class LogFileCheckTest {
    private static final int HEADER_BYTES = 7;

    @TempDir
    Path temporary = Path.of("");

    private Path wal = Path.of("");
    private Path manifest = Path.of("");

    @BeforeEach
    void write() throws IOException {
        Path log = temporary.resolve("log");
        // More than one block of 32 KiB, so that records are cut into fragments.
        LogOnDisk.write(log, 12);
        wal = LogOnDisk.wals(log).get(0);
        manifest = DataFiles.list(log).stream()
                .filter(f -> f.getFileName().toString().startsWith("MANIFEST"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatWasWrittenIsWhole() {
        for (Path file : List.of(wal, manifest)) {
            assertThatCode(() -> LogFileCheck.check(file)).doesNotThrowAnyException();
        }
    }

    @Test
    void everyFlippedBitOfEveryRecordHeaderIsFound() throws IOException {
        for (Path file : List.of(wal, manifest)) {
            byte[] whole = Files.readAllBytes(file);
            for (int at = 0; at < whole.length; at = nextRecord(whole, at)) {
                for (int bit = 0; bit < HEADER_BYTES * 8; bit++) {
                    assertFlipIsFound(file, whole, at + bit / 8, 1 << bit % 8);
                }
            }
        }
    }

    @Test
    void flippedByteOfAnyPayloadIsFound() throws IOException {
        for (Path file : List.of(wal, manifest)) {
            byte[] whole = Files.readAllBytes(file);
            for (int position = 0; position < whole.length; position += 97) {
                assertFlipIsFound(file, whole, position, 0x10);
            }
        }
    }

    @Test
    void fileThatEndsAnywhereIsTorn() throws IOException {
        byte[] whole = Files.readAllBytes(wal);
        for (int length = 0; length < whole.length; length += 101) {
            InputStream cut = new ByteArrayInputStream(whole, 0, length);

            assertThatCode(() -> LogFileCheck.check(wal, cut)).doesNotThrowAnyException();
        }
    }

    @Test
    void zerosAtTheEndAreSpaceThatWasNotWrittenTo() throws IOException {
        byte[] whole = Files.readAllBytes(wal);
        Files.write(wal, Arrays.copyOf(whole, whole.length + 500));

        assertThatCode(() -> LogFileCheck.check(wal)).doesNotThrowAnyException();
    }

    @Test
    void zerosInTheMiddleAreDamage() throws IOException {
        byte[] holed = Files.readAllBytes(wal);
        int second = nextRecord(holed, 0);
        Arrays.fill(holed, second, nextRecord(holed, second), (byte) 0);
        Files.write(wal, holed);

        assertThatThrownBy(() -> LogFileCheck.check(wal)).isInstanceOf(DamagedException.class);
    }

    private static void assertFlipIsFound(Path file, byte[] whole, int position, int mask)
            throws IOException {
        byte[] flipped = whole.clone();
        flipped[position] = (byte) (flipped[position] ^ mask);
        Files.write(file, flipped);

        assertThatThrownBy(() -> LogFileCheck.check(file))
                .as("%s at %d mask %x", file.getFileName(), position, mask)
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(file.toString());
    }

    private static int nextRecord(byte[] file, int at) {
        int next = at + HEADER_BYTES + ((file[at + 5] & 0xff) << 8) + (file[at + 4] & 0xff);
        int leftInBlock = (32 << 10) - next % (32 << 10);
        assertThat(next).isLessThanOrEqualTo(file.length);
        return leftInBlock < HEADER_BYTES ? next + leftInBlock : next;
    }
}
