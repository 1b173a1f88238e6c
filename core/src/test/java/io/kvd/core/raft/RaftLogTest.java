package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.InvariantViolation;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class RaftLogTest {
    private static final int MAX_TAIL_BYTES = 400;

    // Against a list of terms: merges, truncations, persists, evictions and cuts, at random.
    @Test
    void agreesWithAListWhateverIsDoneToIt() {
        for (long seed = 1; seed <= 300; seed++) {
            new Model(seed).run(120);
        }
    }

    /**
     * A log and the list it should equal: the term of index i is terms.get(i), index 0 has term 0.
     */
    private static final class Model {
        private final SplittableRandom random;
        private final String name;
        private final RaftLog log = new RaftLog(
                new RestoredReplica(
                        HardState.INITIAL,
                        EntryId.NONE,
                        EntryId.NONE,
                        0,
                        List.of(),
                        List.of(),
                        EntryId.NONE,
                        RaftCluster.configuration(1, 0)),
                MAX_TAIL_BYTES);
        private final List<Long> terms = new ArrayList<>(List.of(0L));
        private int start;
        private int persisted;
        private int committed;

        Model(long seed) {
            this.random = new SplittableRandom(seed);
            this.name = "seed " + seed;
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                step();
                compare();
            }
        }

        private void step() {
            switch (random.nextInt(6)) {
                case 0, 1 -> merge();
                case 2 -> {
                    log.persisted();
                    persisted = last();
                }
                case 3 ->
                    committed = committed
                            + random.nextInt(persisted - Math.min(persisted, committed) + 1);
                case 4 -> cut();
                default -> {
                    long term = terms.get(last()) + random.nextInt(2);
                    log.append(run(last() + 1, List.of(Math.max(term, 1))));
                    terms.add(Math.max(term, 1));
                }
            }
        }

        private void cut() {
            int to = start
                    + random.nextInt(Math.min(persisted, committed)
                            - Math.min(start, Math.min(persisted, committed))
                            + 1);
            log.cutTo(to);
            start = Math.max(start, to);
        }

        /**
         * Some entries that follow a matching one: as they are, or of another term from somewhere
         * on.
         */
        private void merge() {
            int previous = committed + random.nextInt(last() - committed + 1);
            previous = Math.max(0, previous - random.nextInt(previous - start + 1));
            List<Long> message = new ArrayList<>();
            boolean conflicts = false;
            for (int index = previous + 1; index <= previous + 1 + random.nextInt(6); index++) {
                boolean isKnown = index <= last() && !conflicts;
                if (isKnown && (index <= committed || random.nextInt(5) > 0)) {
                    message.add(terms.get(index));
                } else {
                    long floor = message.isEmpty()
                            ? terms.get(previous)
                            : message.get(message.size() - 1);
                    long known = index <= last() ? terms.get(index) : 0;
                    message.add(Math.max(floor, known + 1));
                    conflicts = true;
                }
            }
            log.merge(split(previous + 1, message), committed);
            apply(previous, message);
        }

        private void apply(int previous, List<Long> message) {
            for (int i = 0; i < message.size(); i++) {
                int index = previous + 1 + i;
                if (index <= last() && !terms.get(index).equals(message.get(i))) {
                    terms.subList(index, terms.size()).clear();
                    persisted = Math.min(persisted, index - 1);
                }
                if (index > last()) {
                    terms.add(message.get(i));
                }
            }
        }

        private void compare() {
            assertThat(log.last()).as(name).isEqualTo(new EntryId(terms.get(last()), last()));
            assertThat(log.persistedIndex()).as(name).isEqualTo(persisted);
            assertThat(log.logStart()).as(name).isEqualTo(new EntryId(terms.get(start), start));
            for (int index = start; index <= last(); index++) {
                assertThat(log.termAt(index))
                        .as("%s index %d", name, index)
                        .isEqualTo(terms.get(index));
            }
            compareUnpersisted();
            compareEntries();
            compareSearch();
        }

        private void compareUnpersisted() {
            int expected = persisted + 1;
            for (Run run : log.unpersisted()) {
                assertThat(run.firstIndex()).as(name).isEqualTo(expected);
                expected = (int) run.lastIndex() + 1;
            }
            assertThat(expected).as(name).isEqualTo(last() + 1);
        }

        private void compareEntries() {
            int from = (int) log.firstHeldIndex();
            if (from > last()) {
                return;
            }
            from += random.nextInt(last() - from + 1);
            int to = from + 1 + random.nextInt(last() - from + 1);
            int maxBytes = random.nextInt(500);
            List<Run> found = log.entries(from, to, maxBytes);
            int bytes = 0;
            int index = from;
            for (Run run : found) {
                assertThat(run.firstIndex()).as(name).isEqualTo(index);
                for (; index <= run.lastIndex(); index++) {
                    assertThat(run.termAt(index)).as(name).isEqualTo(terms.get(index));
                }
                bytes += run.sizeBytes();
            }
            assertThat(index).as(name).isGreaterThan(from).isLessThanOrEqualTo(to);
            assertThat(bytes <= maxBytes || index == from + 1).as(name).isTrue();
            assertThat(index == to || bytes + log.sizeBytesAt(index) > maxBytes)
                    .as(name)
                    .isTrue();
        }

        private void compareSearch() {
            int index = start + random.nextInt(last() - start + 1);
            long maxTerm = random.nextInt(12);
            int expected = index;
            while (expected >= start && terms.get(expected) > maxTerm) {
                expected--;
            }
            assertThat(log.lastIndexNotAbove(maxTerm, index)).as(name).isEqualTo(expected);
        }

        private int last() {
            return terms.size() - 1;
        }

        private List<Run> split(int firstIndex, List<Long> message) {
            List<Run> runs = new ArrayList<>();
            for (int from = 0; from < message.size(); ) {
                int to = from + 1 + random.nextInt(message.size() - from);
                runs.add(run(firstIndex + from, message.subList(from, to)));
                from = to;
            }
            return runs;
        }

        private static Run run(int firstIndex, List<Long> terms) {
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < terms.size(); i++) {
                entries.add(RaftCluster.entry(terms.get(i), firstIndex + i, "x"));
            }
            return Run.encode(TestNode.GROUP, entries);
        }
    }

    @Test
    void onlyPersistedEntriesAreEvicted() {
        RaftLog log = restored(1, 1, 1);
        for (int index = 4; index <= 20; index++) {
            log.append(Run.encode(TestNode.GROUP, List.of(RaftCluster.entry(1, index, "x"))));
        }
        assertThat(log.holds(1)).isTrue();

        log.persisted();

        assertThat(log.tailBytes()).isLessThanOrEqualTo(MAX_TAIL_BYTES);
        assertThat(log.holds(20)).isTrue();
        assertThat(log.firstHeldIndex()).isEqualTo(16);
    }

    @Test
    void twoTruncationsBeforeOnePersistDeleteFromTheLowest() {
        RaftLog log = restored(1, 1, 1, 1, 1);
        log.merge(List.of(Run.encode(1, List.of(RaftCluster.entry(2, 3, "a")))), 0);
        log.merge(List.of(Run.encode(1, List.of(RaftCluster.entry(3, 2, "b")))), 0);
        log.append(Run.encode(1, List.of(RaftCluster.entry(3, 3, "c"))));

        assertThat(log.truncatedFrom()).isEqualTo(2);
        assertThat(log.unpersisted())
                .extracting(Run::firstId)
                .containsExactly(new EntryId(3, 2), new EntryId(3, 3));
    }

    @Test
    void truncationOfWhatWasNeverPersistedDeletesNothingOnDisk() {
        RaftLog log = restored(1, 1);
        log.append(
                Run.encode(1, List.of(RaftCluster.entry(2, 3, "a"), RaftCluster.entry(2, 4, "b"))));
        log.merge(List.of(Run.encode(1, List.of(RaftCluster.entry(3, 4, "c")))), 0);

        assertThat(log.truncatedFrom()).isZero();
        assertThat(log.unpersisted())
                .extracting(Run::lastId)
                .containsExactly(new EntryId(2, 3), new EntryId(3, 4));
    }

    @Test
    void aSnapshotKeepsWhatFollowsItsLastEntry() {
        RaftLog log = restored(1, 1, 2, 2, 2);

        log.install(new EntryId(2, 3), 70);

        assertThat(log.logStart()).isEqualTo(new EntryId(2, 3));
        assertThat(log.newLogStart()).isEqualTo(new EntryId(2, 3));
        assertThat(log.last()).isEqualTo(new EntryId(2, 5));
        assertThat(log.truncatedFrom()).isZero();
        assertThat(log.unpersisted()).isEmpty();
        assertThat(log.holds(3)).isFalse();
        assertThat(log.entries(4, 6, Long.MAX_VALUE).get(0).firstIndex()).isEqualTo(4);
        assertThat(log.largestLogTimeMs()).isEqualTo(70);
    }

    @Test
    void aSnapshotOverAConflictingLogDropsAllOfIt() {
        RaftLog log = restored(1, 1, 2, 2, 2);

        log.install(new EntryId(3, 3), 0);

        assertThat(log.last()).isEqualTo(new EntryId(3, 3));
        assertThat(log.persistedIndex()).isEqualTo(3);
        assertThat(log.truncatedFrom()).isEqualTo(4);
        assertThat(log.mustPersist()).isTrue();
        assertThat(log.firstHeldIndex()).isEqualTo(4);
        assertThat(log.contains(new EntryId(1, 1))).isFalse();
        log.append(Run.encode(1, List.of(RaftCluster.entry(4, 4, "a"))));
        assertThat(log.unpersisted()).hasSize(1);
    }

    @Test
    void aSnapshotBeyondTheLogTakesItsPlace() {
        RaftLog log = restored(1, 1);

        log.install(new EntryId(3, 9), 0);

        assertThat(log.last()).isEqualTo(new EntryId(3, 9));
        assertThat(log.persistedIndex()).isEqualTo(9);
        assertThat(log.truncatedFrom()).isZero();
        assertThat(log.termAt(9)).isEqualTo(3);
    }

    /** What is on disk behind it is of before the truncation, and conflicts. */
    @Test
    void aSnapshotAfterATruncationThatIsNotPersistedYetKeepsTheTruncation() {
        RaftLog log = restored(1, 1, 1, 1, 1);
        log.merge(List.of(Run.encode(1, List.of(RaftCluster.entry(2, 2, "a")))), 0);

        log.install(new EntryId(2, 3), 0);

        assertThat(log.truncatedFrom()).isEqualTo(2);
        assertThat(log.last()).isEqualTo(new EntryId(2, 3));
        assertThat(log.unpersisted()).isEmpty();
    }

    @Test
    void aSnapshotOfAnEntryThatIsNotPersistedYetCountsAsPersisted() {
        RaftLog log = restored(1, 1);
        log.append(
                Run.encode(1, List.of(RaftCluster.entry(1, 3, "a"), RaftCluster.entry(1, 4, "b"))));

        log.install(new EntryId(1, 3), 0);

        assertThat(log.persistedIndex()).isEqualTo(3);
        assertThat(log.unpersisted()).hasSize(1);
        assertThat(log.unpersisted().get(0).firstIndex()).isEqualTo(4);
    }

    @Test
    void largestLogTimeSurvivesATruncation() {
        RaftLog log = restored(1);
        Entry late = new Entry(
                new EntryId(1, 2),
                EntryKind.COMMAND,
                new Entry.Stamp(5_000, 0),
                Entry.Origin.NONE,
                Bytes.EMPTY);
        log.append(Run.encode(1, List.of(late)));
        log.merge(List.of(Run.encode(1, List.of(RaftCluster.entry(2, 2, "x")))), 0);

        assertThat(log.largestLogTimeMs()).isEqualTo(5_000);
    }

    @Test
    void whatIsNotInTheLogIsNotAskedFor() {
        RaftLog log = restored(1, 1, 2);

        assertThat(log.contains(new EntryId(2, 3))).isTrue();
        assertThat(log.contains(new EntryId(1, 3))).isFalse();
        assertThat(log.contains(new EntryId(2, 4))).isFalse();
        assertThatThrownBy(() -> log.termAt(4)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> log.entries(4, 5, 9)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> log.append(Run.join(RaftCluster.logOf(1))))
                .isInstanceOf(InvariantViolation.class);
    }

    private static RaftLog restored(long... terms) {
        List<Run> runs = RaftCluster.logOf(terms);
        List<EntryId> starts = new ArrayList<>();
        for (Run run : runs) {
            if (starts.isEmpty()
                    || starts.get(starts.size() - 1).term() < run.firstId().term()) {
                starts.add(run.firstId());
            }
        }
        RestoredReplica restored = new RestoredReplica(
                new HardState(9, NodeId.NONE),
                EntryId.NONE,
                runs.get(runs.size() - 1).lastId(),
                0,
                starts,
                runs,
                EntryId.NONE,
                RaftCluster.configuration(1, 0));
        return new RaftLog(restored, MAX_TAIL_BYTES);
    }
}
