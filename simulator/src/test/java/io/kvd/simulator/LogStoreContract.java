package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.codec.Life;
import io.kvd.core.codec.Lives;
import io.kvd.core.codec.Remembered;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.node.RestoredLog.RestoredGroup;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What every {@link LogStore} does, the real one and the fake. */
public abstract class LogStoreContract {
    private static final NodeRecord NODE = new NodeRecord(
            "a cluster",
            Bytes.EMPTY,
            3,
            Bytes.utf8("store-of-16-byte"),
            Lives.NONE.next(9),
            Bytes.utf8("bootstrap"));

    private final LogModel log = new LogModel(1);
    private LogStore store = notOpen();

    /** A store on what was persisted before in this test; nothing at first. */
    protected abstract LogStore open();

    /** Ends the use of the store without telling it, as a kill does, so that it can be opened again. */
    protected abstract void kill(LogStore opened);

    @BeforeEach
    void openEmpty() {
        store = open();
        assertThat(store.restore()).isEqualTo(new RestoredLog(List.of(), List.of()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void nodeRecordComesBackWithItsLivesItsPeersAndItsRefusal() {
        NodeRecord record = NODE;
        for (long start = 2; start <= 100; start++) {
            record = record.startedAgain(-start);
        }
        record = record.remembering(List.of(new NodeRecord.RememberedPeer(
                        4, new Remembered(new Life(7, Long.MIN_VALUE), 8, 9))))
                .refusedFor("node 4 has seen more of it");
        store.write(new LogBatch(List.of(record), List.of()));

        assertThat(restart().node()).containsExactly(record);
    }

    @Test
    void nodeRecordComesBackAsItWasWrittenLast() {
        store.write(new LogBatch(List.of(NODE), List.of()));
        store.write(new LogBatch(List.of(NODE.startedAgain(2)), List.of()));

        RestoredLog restored = restart();

        assertThat(restored.node()).containsExactly(NODE.startedAgain(2));
        assertThat(restored.groups()).isEmpty();
    }

    @Test
    void entriesHardStateAndGroupComeBack() {
        birth();
        write(log.append(3, 10));
        log.hardState = new HardState(4, 2);
        write(log.append(2, 0));

        RestoredGroup restored = restart().groups().get(0);

        assertThat(restored.hardState()).isEqualTo(new HardState(4, 2));
        assertThat(restored.group()).isEqualTo(GroupRecord.INITIAL);
        assertThat(restored.last()).isEqualTo(new EntryId(4, 5));
        assertThat(restored.lastLogTimeMs()).isEqualTo(50);
        assertThat(restored.termStarts()).containsExactly(new EntryId(1, 1), new EntryId(4, 4));
        assertThat(entriesOf(restored.tail())).isEqualTo(log.entries);
    }

    @Test
    void groupWithoutEntriesComesBackWithItsLogStart() {
        birth();

        RestoredGroup restored = restart().groups().get(0);

        assertThat(restored.last()).isEqualTo(EntryId.NONE);
        assertThat(restored.lastLogTimeMs()).isZero();
        assertThat(restored.termStarts()).isEmpty();
        assertThat(restored.tail()).isEmpty();
    }

    @Test
    void truncationInsideARunKeepsItsPrefix() {
        birth();
        write(log.append(10, 20));
        write(log.append(10, 20));

        write(log.overwrite(5, 1, 7));

        assertLogIsModel();
        assertThat(entriesOf(store.load(1, 1, 100, 1 << 20))).isEqualTo(log.entries);
        assertThat(store.load(1, 6, 7, 1)).isEmpty();
    }

    @Test
    void truncationWithoutNewEntriesKnowsItsLastEntryAfterRestart() {
        birth();
        write(log.append(4, 20));
        log.hardState = new HardState(2, 0);
        write(log.append(4, 20));

        write(log.overwrite(5, 0, 0));

        assertThat(restart().groups().get(0).last()).isEqualTo(new EntryId(1, 4));
    }

    @Test
    void cutDeletesWholeRunsAndKeepsTheStraddlingOne() {
        birth();
        write(log.append(10, 20));
        write(log.append(10, 20));
        write(log.append(10, 20));

        write(log.cut(15));

        assertThat(store.load(1, 15, 16, 100)).isEmpty();
        assertThat(store.load(1, 16, 17, 100)).hasSize(1);
        assertThat(store.sizeBytes(1)).isEqualTo(20L * (67 + 20));
        assertLogIsModel();
        assertThat(restart().groups().get(0).termStarts()).containsExactly(new EntryId(1, 16));
    }

    @Test
    void cutOfEverythingLeavesALogThatGoesOnWhereItEnded() {
        birth();
        write(log.append(10, 20));
        write(log.cut(10));

        assertThat(store.sizeBytes(1)).isZero();
        restartLikeModel();
        write(log.append(1, 20));

        restartLikeModel();
    }

    @Test
    void startBeyondTheLastEntryDropsTheLog() {
        birth();
        write(log.append(10, 20));

        write(log.install(new EntryId(7, 500)));

        restartLikeModel();
        write(log.append(3, 20));
        restartLikeModel();
    }

    @Test
    void startInAnotherHistoryDropsTheLogAfterIt() {
        birth();
        write(log.append(10, 20));
        write(log.append(10, 20));

        write(log.install(new EntryId(9, 5)));

        restartLikeModel();
        write(log.append(3, 20));
        restartLikeModel();
    }

    @Test
    void truncationBackToTheStartDropsTheStraddlingRun() {
        birth();
        write(log.append(10, 20));
        write(log.cut(5));

        write(log.overwrite(6, 0, 0));

        assertThat(store.sizeBytes(1)).isZero();
        restartLikeModel();
    }

    @Test
    void loadIsBoundedByBytesButGivesAtLeastOneEntry() {
        birth();
        write(log.append(4, 33));
        write(log.append(4, 33));

        assertThat(entriesOf(store.load(1, 2, 9, 1))).containsExactly(log.entry(2));
        assertThat(entriesOf(store.load(1, 2, 9, 399)))
                .containsExactly(log.entry(2), log.entry(3), log.entry(4));
        assertThat(entriesOf(store.load(1, 2, 9, 400))).hasSize(4);
        assertThat(entriesOf(store.load(1, 7, 8, 1 << 20))).containsExactly(log.entry(7));
        assertThat(entriesOf(store.load(1, 7, 1000, 1 << 20)))
                .containsExactly(log.entry(7), log.entry(8));
    }

    @Test
    void loadOfWhatIsNotInTheLogIsEmpty() {
        birth();
        write(log.append(4, 33));

        assertThat(store.load(1, 5, 6, 100)).isEmpty();
        assertThat(store.load(2, 1, 2, 100)).isEmpty();
        assertThat(store.sizeBytes(2)).isZero();
    }

    @Test
    void tailIsTheNewestSixteenMebibytes() {
        birth();
        for (int i = 0; i < 20; i++) {
            write(log.append(1, 1 << 20));
        }

        List<Run> tail = restart().groups().get(0).tail();

        assertThat(tail).hasSize(15);
        assertThat(tail.get(0).firstIndex()).isEqualTo(6);
        assertThat(tail.get(14).lastIndex()).isEqualTo(20);
    }

    @Test
    void groupsDoNotTouchEachOther() {
        LogModel other = new LogModel(7);
        store.write(new LogBatch(List.of(NODE), List.of(log.birth(), other.birth())));
        store.write(new LogBatch(List.of(), List.of(log.append(5, 10), other.append(3, 10))));
        store.write(new LogBatch(List.of(), List.of(log.overwrite(2, 1, 10), other.cut(2))));

        RestoredLog restored = restart();

        assertThat(restored.groups()).hasSize(2);
        assertLike(log, restored.groups().get(0));
        assertLike(other, restored.groups().get(1));
    }

    @Test
    void gapIsRefusedBeforeItIsWritten() {
        birth();
        write(log.append(3, 10));
        log.append(1, 10);

        assertThatThrownBy(() -> write(log.append(1, 10))).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void firstWriteOfAGroupNeedsItsRecord() {
        assertThatThrownBy(() -> write(log.append(1, 10))).isInstanceOf(InvariantViolation.class);
    }

    /** Random appends, truncations, cuts, installs and restarts against a plain list. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void behavesLikeAList(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        birth();
        for (int step = 0; step < 150; step++) {
            write(log.anyWrite(random));
            assertLogIsModel();
            if (random.nextInt(10) == 0) {
                restartLikeModel();
            }
        }
        restartLikeModel();
    }

    /** For tests of single stores that go on from here. */
    protected LogStore store() {
        return store;
    }

    protected LogModel log() {
        return log;
    }

    protected void birth() {
        store.write(new LogBatch(List.of(NODE), List.of(log.birth())));
    }

    protected void write(GroupWrite write) {
        store.write(new LogBatch(List.of(), List.of(write)));
    }

    protected RestoredLog restart() {
        kill(store);
        store = open();
        return store.restore();
    }

    private void restartLikeModel() {
        assertLike(log, restart().groups().get(0));
        assertLogIsModel();
    }

    private void assertLogIsModel() {
        assertThat(store.sizeBytes(log.groupId)).isEqualTo(log.sizeBytes());
        if (log.entries.isEmpty()) {
            assertThat(store.load(log.groupId, log.lastIndex() + 1, log.lastIndex() + 2, 1))
                    .isEmpty();
            return;
        }
        long first = log.logStart.index() + 1;
        assertThat(entriesOf(store.load(log.groupId, first, log.lastIndex() + 1, 1 << 30)))
                .isEqualTo(log.entries);
        long middle = first + log.entries.size() / 2;
        assertThat(entriesOf(store.load(log.groupId, middle, middle + 1, 1)))
                .containsExactly(log.entry(middle));
    }

    private static void assertLike(LogModel model, RestoredGroup restored) {
        assertThat(restored.groupId()).isEqualTo(model.groupId);
        assertThat(restored.hardState()).isEqualTo(model.hardState);
        assertThat(restored.group()).isEqualTo(new GroupRecord(model.logStart, model.generation));
        assertThat(restored.last()).isEqualTo(model.last());
        assertThat(restored.termStarts()).isEqualTo(termStarts(model));
        assertThat(entriesOf(restored.tail())).isEqualTo(model.entries);
        Optional<Entry> last = model.entries.stream().reduce((a, b) -> b);
        assertThat(restored.lastLogTimeMs())
                .isEqualTo(last.map(e -> e.stamp().logTimeMs()).orElse(0L));
    }

    private static List<EntryId> termStarts(LogModel model) {
        List<EntryId> starts = new ArrayList<>();
        long term = -1;
        for (Entry entry : model.entries) {
            if (entry.term() != term) {
                starts.add(entry.id());
                term = entry.term();
            }
        }
        return starts;
    }

    protected static List<Entry> entriesOf(List<Run> runs) {
        List<Entry> entries = new ArrayList<>();
        for (Run run : runs) {
            for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                entries.add(run.entry(index));
            }
        }
        return entries;
    }

    private static LogStore notOpen() {
        return new MemoryLogStore();
    }
}
