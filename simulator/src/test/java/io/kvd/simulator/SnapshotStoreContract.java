package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What every {@link SnapshotStore} does, the real one and the fake: from one generation of a group into another. */
public abstract class SnapshotStoreContract extends UnusableSnapshotContract {
    @Test
    void stagedGenerationIsTheLiveOneAsItWas() throws UnusableSnapshotException {
        Map<Bytes, Bytes> rows = rowsOf(live());
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);

        transfer(manifest);
        snapshots().stage(GROUP, STAGED);

        assertStaged(rows, manifest);
        assertThat(manifest.last()).isEqualTo(machine.applied());
        assertThat(manifest.lastLogTimeMs()).isEqualTo(machine.lastLogTimeMs());
        assertThat(manifest.stateHash()).isEqualTo(machine.stateHash());
        assertThat(manifest.configuration()).isEqualTo(CONFIGURATION);
    }

    @Test
    void liveStateGoesOnAndTheSnapshotStays() throws UnusableSnapshotException {
        Map<Bytes, Bytes> rows = rowsOf(live());
        EntryId last = machine.applied();
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        put("key-1", "later");
        put("another", "later");
        live().flush();

        transfer(manifest);
        snapshots().stage(GROUP, STAGED);

        assertThat(manifest.last()).isEqualTo(last);
        assertStaged(rows, manifest);
        assertThat(rowsOf(live())).isNotEqualTo(rows);
    }

    @Test
    void stagedGenerationCanBeWrittenAndIsApartFromTheLiveOne() throws UnusableSnapshotException {
        transfer(snapshots().make(TRANSFER, GROUP, LIVE));
        snapshots().stage(GROUP, STAGED);
        snapshots().release(TRANSFER);
        Map<Bytes, Bytes> before = rowsOf(live());

        try (StateStore staged = states().open(GROUP, STAGED)) {
            KvStateMachine next = KvStateMachine.open(GROUP, staged, 1 << 20);
            next.apply(List.of(entry(next, EntryKind.COMMAND, command("key-1", "2"))), List.of());
            staged.flush();

            assertThat(rowsOf(live())).isEqualTo(before);
            put("key-1", "2");
            assertThat(next.stateHash()).isEqualTo(machine.stateHash());
        }
    }

    @Test
    void snapshotHasAtLeastTwoFilesAndEachByteCanBeReadAlone() {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);

        assertThat(manifest.files()).hasSizeGreaterThan(1);
        assertThatCode(manifest::checkPlausible).doesNotThrowAnyException();
        Bytes all = read(manifest, Integer.MAX_VALUE);
        assertThat(all.length()).isEqualTo(Math.toIntExact(manifest.sizeBytes()));
        for (long position = 0; position < all.length(); position += 97) {
            assertThat(snapshots().read(TRANSFER, position, 1))
                    .isEqualTo(all.slice((int) position, (int) position + 1));
        }
    }

    @Test
    void readEndsWithTheFileAndThereIsNothingBehindTheLast() {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);

        long end = 0;
        for (SnapshotFile file : manifest.files()) {
            end += file.sizeBytes();
            if (file.sizeBytes() > 0) {
                assertThat(snapshots().read(TRANSFER, end - 1, 1_000).length()).isEqualTo(1);
                assertThat(snapshots()
                                .read(TRANSFER, end - file.sizeBytes(), 1 << 30)
                                .length())
                        .isEqualTo((int) file.sizeBytes());
            }
        }
        long behind = end;
        assertThatThrownBy(() -> snapshots().read(TRANSFER, behind, 1))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> snapshots().read(TRANSFER, -1, 1))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void stateWithoutEntriesIsASnapshotToo() throws UnusableSnapshotException {
        try (StateStore empty = states().open(GROUP, 8)) {
            KvStateMachine.open(GROUP, empty, 1 << 20);
            SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, 8);
            transfer(manifest);
            snapshots().stage(GROUP, STAGED);

            assertThat(manifest.last()).isEqualTo(EntryId.NONE);
            assertStaged(rowsOf(empty), manifest);
        }
    }

    @Test
    void stagedGenerationSurvivesACrashAndTransfersDoNot() throws UnusableSnapshotException {
        Map<Bytes, Bytes> rows = rowsOf(live());
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        transfer(manifest);
        snapshots().stage(GROUP, STAGED);
        transfer(manifest);
        assertThat(holdsNoTransfer()).isFalse();

        crash(new SplittableRandom(1));

        assertStaged(rows, manifest);
        assertThat(holdsNoTransfer()).isTrue();
        openLiveAgain();
        transfer(snapshots().make(TRANSFER, GROUP, LIVE));
        snapshots().stage(GROUP, 3);
        assertThat(isThere(3)).isTrue();
    }

    @Test
    void whatWasReceivedButNotStagedIsNoGeneration() throws UnusableSnapshotException {
        transfer(snapshots().make(TRANSFER, GROUP, LIVE));

        crash(new SplittableRandom(1));

        assertThat(isThere(STAGED)).isFalse();
        assertThat(holdsNoTransfer()).isTrue();
        openLiveAgain();
    }

    /** A flushed state is what a crash leaves at least; a snapshot must not be of more than that. */
    @Test
    void whatASnapshotHoldsIsDurableWhereItWasMade() {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);

        crash(new SplittableRandom(1));
        openLiveAgain();

        assertThat(machine.applied()).isEqualTo(manifest.last());
    }

    @Test
    void severalTransfersAreOutAtOnceAndEachIsOfItsTime() throws UnusableSnapshotException {
        Map<Bytes, Bytes> first = rowsOf(live());
        SnapshotManifest firstManifest = snapshots().make(1, GROUP, LIVE);
        put("key-1", "later");
        Map<Bytes, Bytes> second = rowsOf(live());
        SnapshotManifest secondManifest = snapshots().make(2, GROUP, LIVE);

        snapshots().receive(GROUP, firstManifest);
        write(read(1, firstManifest, 1_000), firstManifest, 1_000);
        snapshots().stage(GROUP, STAGED);
        snapshots().release(1);
        snapshots().receive(GROUP, secondManifest);
        write(read(2, secondManifest, 1_000), secondManifest, 1_000);
        snapshots().stage(GROUP, 3);

        assertStaged(first, firstManifest);
        try (StateStore staged = states().open(GROUP, 3)) {
            assertThat(rowsOf(staged)).isEqualTo(second);
        }
        snapshots().release(2);
        assertThat(holdsNoTransfer()).isTrue();
    }

    @Test
    void transferInUseIsRefused() {
        snapshots().make(TRANSFER, GROUP, LIVE);

        assertThatThrownBy(() -> snapshots().make(TRANSFER, GROUP, LIVE))
                .isInstanceOf(InvariantViolation.class);
        snapshots().release(TRANSFER);
        assertThatCode(() -> snapshots().make(TRANSFER, GROUP, LIVE)).doesNotThrowAnyException();
    }

    @Test
    void onlyAnOpenStateCanBeFrozen() {
        assertThatThrownBy(() -> snapshots().make(TRANSFER, GROUP, 5))
                .isInstanceOf(InvariantViolation.class);

        assertThat(isThere(5)).isFalse();
        assertThat(holdsNoTransfer()).isTrue();
    }

    @Test
    void releaseAndAbandonOfNothingAreHarmless() throws UnusableSnapshotException {
        snapshots().release(TRANSFER);
        snapshots().abandon(GROUP);
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        transfer(manifest);

        snapshots().abandon(GROUP);
        snapshots().abandon(GROUP);
        snapshots().release(TRANSFER);
        snapshots().release(TRANSFER);

        assertThat(holdsNoTransfer()).isTrue();
        assertThatThrownBy(() -> snapshots().read(TRANSFER, 0, 1))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> snapshots().write(GROUP, 0, Bytes.of(new byte[1])))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> snapshots().stage(GROUP, STAGED))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void secondReceiveReplacesTheFirst() throws UnusableSnapshotException {
        SnapshotManifest first = snapshots().make(1, GROUP, LIVE);
        for (int i = 0; i < 100; i++) {
            put("more-" + i, "value");
        }
        Map<Bytes, Bytes> rows = rowsOf(live());
        SnapshotManifest second = snapshots().make(2, GROUP, LIVE);
        snapshots().receive(GROUP, second);
        write(read(2, second, 1_000), second, 1_000);
        snapshots().receive(GROUP, first);
        snapshots().write(GROUP, 0, snapshots().read(1, 0, 10));

        snapshots().receive(GROUP, second);
        write(read(2, second, 1_000), second, 1_000);
        snapshots().stage(GROUP, STAGED);

        assertStaged(rows, second);
    }

    @Test
    void writeAtAnotherPositionOrBeyondAFileIsRefused() throws UnusableSnapshotException {
        SnapshotManifest manifest = snapshots().make(TRANSFER, GROUP, LIVE);
        Bytes all = read(manifest, 1_000);
        int firstFile = (int) manifest.files().get(0).sizeBytes();
        snapshots().receive(GROUP, manifest);
        snapshots().write(GROUP, 0, all.slice(0, 2));

        for (long position : new long[] {-1, 0, 1, 3, firstFile, all.length()}) {
            assertThatThrownBy(() -> snapshots().write(GROUP, position, all.slice(2, 3)))
                    .as("at %d", position)
                    .isInstanceOf(InvariantViolation.class);
        }
        assertThatThrownBy(() -> snapshots().write(GROUP, 2, all.slice(2, firstFile + 1)))
                .isInstanceOf(InvariantViolation.class);
        writeFrom(2, all, manifest, 1_000);
        assertThatThrownBy(() -> snapshots().write(GROUP, all.length(), all.slice(0, 1)))
                .isInstanceOf(InvariantViolation.class);
        snapshots().stage(GROUP, STAGED);
        assertStaged(rowsOf(live()), manifest);
    }

    @Test
    void generationThatIsThereIsNotReplaced() throws UnusableSnapshotException {
        Map<Bytes, Bytes> rows = rowsOf(live());
        transfer(snapshots().make(TRANSFER, GROUP, LIVE));

        assertThatThrownBy(() -> snapshots().stage(GROUP, LIVE))
                .isInstanceOf(InvariantViolation.class);

        assertThat(rowsOf(live())).isEqualTo(rows);
    }
}
