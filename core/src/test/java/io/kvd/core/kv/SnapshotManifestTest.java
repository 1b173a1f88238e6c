package io.kvd.core.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.raft.EntryId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class SnapshotManifestTest {
    @Test
    void positionsCountOverAllFilesAndSkipEmptyOnes() {
        SnapshotFile a = new SnapshotFile("a", 2);
        SnapshotFile c = new SnapshotFile("c", 3);
        SnapshotManifest manifest = manifest(
                new SnapshotFile("0", 0), a, new SnapshotFile("b", 0), c, new SnapshotFile("d", 0));

        assertThat(manifest.sizeBytes()).isEqualTo(5);
        assertThat(manifest.at(0)).isEqualTo(new SnapshotPosition(a, 0));
        assertThat(manifest.at(1)).isEqualTo(new SnapshotPosition(a, 1));
        assertThat(manifest.at(2)).isEqualTo(new SnapshotPosition(c, 0));
        assertThat(manifest.at(4)).isEqualTo(new SnapshotPosition(c, 2));
        assertThat(manifest.at(4).bytesLeft()).isEqualTo(1);
        assertThatThrownBy(() -> manifest.at(5)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> manifest.at(-1)).isInstanceOf(InvariantViolation.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CURRENT", "000123.sst", "OPTIONS-7", "a..b", "_", "-"})
    void namesOfFilesArePlausible(String name) {
        assertThatCode(() -> manifest(new SnapshotFile(name, 0)).checkPlausible())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ".hidden",
                "/etc/passwd",
                "a/b",
                "../a",
                "a\\b",
                "a b",
                "a\n",
                "a\0",
                "é",
                "C:"
            })
    void pathsAndOddNamesAreNotPlausible(String name) {
        assertThatThrownBy(() -> manifest(new SnapshotFile(name, 1)).checkPlausible())
                .isInstanceOf(UnusableSnapshotException.class);
    }

    @Test
    void whatNoStoreSaysIsNotPlausible() {
        assertImplausible(new SnapshotFile("x".repeat(10_000), 1));
        assertImplausible(new SnapshotFile("a", -1));
        assertImplausible(new SnapshotFile("a", 1), new SnapshotFile("a", 1));
        assertImplausible(new SnapshotFile("a", Long.MAX_VALUE), new SnapshotFile("b", 1));
    }

    @Test
    void manifestIsOfWhatTheViewShows() {
        TestReplica replica = new TestReplica();
        replica.log().advanceLogTime(70);
        replica.apply(TestLog.put("a", "1"));
        List<SnapshotFile> files = List.of(new SnapshotFile("a", 1));

        try (StateView view = replica.store().view()) {
            replica.apply(TestLog.put("a", "2"));
            SnapshotManifest manifest = KvStateMachine.manifestOf(TestLog.GROUP, view, files);

            assertThat(manifest.last()).isEqualTo(new EntryId(1, 1));
            assertThat(manifest.lastLogTimeMs()).isEqualTo(70);
            assertThat(replica.machine().hashAt(1)).contains(manifest.stateHash());
            assertThat(manifest.files()).isEqualTo(files);
        }
    }

    @Test
    void stateOfAnotherGroupOrNoneHasNoManifest() {
        TestReplica replica = new TestReplica();

        try (StateView view = replica.store().view();
                StateView nothing = new MemoryStateStore().view()) {
            assertThatThrownBy(() -> KvStateMachine.manifestOf(2, view, List.of()))
                    .isInstanceOf(DamagedException.class)
                    .hasMessageContaining("group 1");
            assertThatThrownBy(() -> KvStateMachine.manifestOf(1, nothing, List.of()))
                    .isInstanceOf(DamagedException.class);
        }
    }

    private static void assertImplausible(SnapshotFile... files) {
        assertThatThrownBy(() -> manifest(files).checkPlausible())
                .isInstanceOf(UnusableSnapshotException.class);
    }

    private static SnapshotManifest manifest(SnapshotFile... files) {
        return new SnapshotManifest(new EntryId(1, 1), 0, Bytes.EMPTY, Bytes.EMPTY, List.of(files));
    }
}
