package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.raft.EntryId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What every {@link SnapshotStore} takes for no snapshot. All of it came from a peer. */
abstract class UnusableSnapshotContract extends SnapshotTransfers {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void flippedBitIsFound(long seed) throws UnusableSnapshotException {
        RandomGenerator random = new SplittableRandom(seed);
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        int at = 0;
        for (SnapshotFile file : manifest.files()) {
            byte[] damaged = read(manifest, 1_000).toArray();
            damaged[at + random.nextInt((int) file.sizeBytes())] ^= (byte) (1 << random.nextInt(8));
            at += (int) file.sizeBytes();
            assertRefused(manifest, Bytes.of(damaged));
        }
    }

    @Test
    void missingBytesAreFound() throws UnusableSnapshotException {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        Bytes all = read(manifest, 1_000);
        int firstFile = (int) manifest.files().get(0).sizeBytes();

        for (int length : new int[] {0, 1, firstFile - 1, firstFile, all.length() - 1}) {
            assertRefused(manifest, all.slice(0, length));
        }
    }

    /** A manifest that says of a file that it has no bytes. */
    @Test
    void emptiedFileIsFound() throws UnusableSnapshotException {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        Bytes all = read(manifest, 1_000);

        int at = 0;
        for (int i = 0; i < manifest.files().size(); i++) {
            SnapshotFile file = manifest.files().get(i);
            List<SnapshotFile> files = new ArrayList<>(manifest.files());
            files.set(i, new SnapshotFile(file.name(), 0));
            Bytes others = concat(all.slice(0, at), all.slice(at + (int) file.sizeBytes()));
            at += (int) file.sizeBytes();
            assertRefused(withFiles(manifest, files), others);
        }
    }

    @Test
    void bytesInTheWrongFileAreFound() throws UnusableSnapshotException {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        Bytes all = read(manifest, 1_000);
        Bytes reversed = Bytes.EMPTY;
        int at = 0;
        for (SnapshotFile file : manifest.files()) {
            reversed = concat(all.slice(at, at + (int) file.sizeBytes()), reversed);
            at += (int) file.sizeBytes();
        }

        assertRefused(manifest, reversed);
    }

    @Test
    void filesOfAnotherSnapshotAreFound() throws UnusableSnapshotException {
        SnapshotManifest before = snapshots().make(1, GROUP, LIVE);
        Bytes bytes = read(1, before, 1_000);
        put("key-1", "value-2");
        SnapshotManifest after = snapshots().make(2, GROUP, LIVE);

        assertRefused(withFiles(after, before.files()), bytes);
    }

    @Test
    void manifestThatIsNotWhatTheFilesSayIsRefused() throws UnusableSnapshotException {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        Bytes all = read(manifest, 1_000);
        EntryId last = manifest.last();
        byte[] hash = manifest.stateHash().toArray();
        hash[15] ^= 1;
        Bytes otherHash = Bytes.of(hash);
        Bytes configuration = manifest.configuration();
        long logTimeMs = manifest.lastLogTimeMs();

        for (SnapshotManifest other : List.of(
                manifest(new EntryId(last.term(), last.index() + 1), manifest),
                manifest(new EntryId(last.term() + 1, last.index()), manifest),
                new SnapshotManifest(
                        last, logTimeMs + 1, manifest.stateHash(), configuration, manifest.files()),
                new SnapshotManifest(last, logTimeMs, otherHash, configuration, manifest.files()),
                new SnapshotManifest(
                        last,
                        logTimeMs,
                        manifest.stateHash(),
                        Bytes.utf8("other"),
                        manifest.files()))) {
            assertRefused(other, all);
        }
    }

    @Test
    void stateOfAnotherGroupIsRefused() throws UnusableSnapshotException {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        snapshots().receive(9, manifest);
        Bytes all = read(manifest, 1_000);
        for (int at = 0; at < all.length(); ) {
            Bytes chunk = snapshots().read(TRANSFER, at, 1_000);
            snapshots().write(9, at, chunk);
            at += chunk.length();
        }

        assertThatThrownBy(() -> snapshots().stage(9, 1))
                .isInstanceOf(UnusableSnapshotException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "../../x",
                "/tmp/x",
                "a/b",
                ".hidden",
                "x.exe",
                "x",
                "LOCK",
                "000001.log",
                "CURRENT ",
                "a\0b",
                "\u0000"
            })
    void filesThatNoStateHasAreNotWritten(String name) {
        assertNotReceived(name);
    }

    @Test
    void fileWithANameOf10000CharactersIsNotWritten() {
        assertNotReceived("1".repeat(10_000) + ".sst");
    }

    @Test
    void listsOfFilesThatNoStateHasAreNotReceived() {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        SnapshotFile first = manifest.files().get(0);
        List<SnapshotFile> twice = new ArrayList<>(manifest.files());
        twice.add(first);

        assertNotReceived(withFiles(manifest, twice));
        assertNotReceived(withFiles(manifest, List.of()));
        for (SnapshotFile file : manifest.files()) {
            List<SnapshotFile> negative = new ArrayList<>(manifest.files());
            Collections.replaceAll(negative, file, new SnapshotFile(file.name(), -1));
            assertNotReceived(withFiles(manifest, negative));
            List<SnapshotFile> huge = new ArrayList<>(manifest.files());
            Collections.replaceAll(huge, file, new SnapshotFile(file.name(), Long.MAX_VALUE));
            assertNotReceived(withFiles(manifest, huge));
        }
    }

    /** A peer that says it has more than there is room for must not be what fills the memory or the disk. */
    @Test
    void sizesThatAreOnlySaidTakeNoSpace() throws UnusableSnapshotException {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        List<SnapshotFile> huge = new ArrayList<>(manifest.files());
        SnapshotFile first = huge.get(0);
        huge.set(0, new SnapshotFile(first.name(), 1L << 30));

        assertRefused(withFiles(manifest, huge), snapshots().read(TRANSFER, 0, 1_000));
    }

    private void assertNotReceived(String name) {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        List<SnapshotFile> files = new ArrayList<>(manifest.files());
        files.set(0, new SnapshotFile(name, 3));
        assertNotReceived(withFiles(manifest, files));
        files = new ArrayList<>(manifest.files());
        files.add(1, new SnapshotFile(name, 0));
        assertNotReceived(withFiles(manifest, files));
    }

    private void assertNotReceived(SnapshotManifest manifest) {
        assertThatThrownBy(() -> snapshots().receive(GROUP, manifest))
                .isInstanceOf(UnusableSnapshotException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
        assertThatThrownBy(() -> snapshots().write(GROUP, 0, Bytes.of(new byte[1])))
                .isInstanceOf(InvariantViolation.class);
    }

    /** Refused by the stage, nothing of it is left, and what comes next is taken in as ever. */
    private void assertRefused(SnapshotManifest manifest, Bytes bytes)
            throws UnusableSnapshotException {
        snapshots().receive(GROUP, manifest);
        write(bytes, manifest, 1_000);

        assertThatThrownBy(() -> snapshots().stage(GROUP, STAGED))
                .isInstanceOf(UnusableSnapshotException.class);

        assertThat(isThere(STAGED)).isFalse();
        assertThatThrownBy(() -> snapshots().stage(GROUP, STAGED))
                .isInstanceOf(InvariantViolation.class);
        SnapshotManifest good = snapshots().make(1_000, GROUP, LIVE);
        snapshots().receive(GROUP, good);
        write(read(1_000, good, 4_096), good, 4_096);
        snapshots().stage(GROUP, STAGED);
        snapshots().release(1_000);
        assertStaged(rowsOf(live()), good);
        states().delete(GROUP, STAGED);
    }

    private static SnapshotManifest manifest(EntryId last, SnapshotManifest like) {
        return new SnapshotManifest(
                last, like.lastLogTimeMs(), like.stateHash(), like.configuration(), like.files());
    }

    private static SnapshotManifest withFiles(SnapshotManifest like, List<SnapshotFile> files) {
        return new SnapshotManifest(
                like.last(), like.lastLogTimeMs(), like.stateHash(), like.configuration(), files);
    }
}
