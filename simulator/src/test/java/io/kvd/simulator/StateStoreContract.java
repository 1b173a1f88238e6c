package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.kv.StateView;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What every {@link StateStore} does, the real one and the fake. */
public abstract class StateStoreContract {
    private static final Bytes COUNTER = Bytes.of(new byte[] {0});

    private StateStore store = new MemoryStateStores().open(1, 1);

    /** The store of generation 1 of group 1, with what was in it before; empty at first. */
    protected abstract StateStore open();

    /** Where it was opened. */
    protected abstract StateStores stores();

    /** Ends the process that holds the store, without flushing, so that it can be opened again. */
    protected abstract void crash(StateStore opened, RandomGenerator random);

    @BeforeEach
    void openEmpty() {
        store = open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void rowsAreThereOnceWritten() {
        store.write(new StateBatch().put(key("a"), key("1")).put(key("b"), key("2")));
        store.write(new StateBatch().put(key("a"), key("3")).delete(key("b")).delete(key("never")));

        assertThat(store.get(key("a"))).contains(key("3"));
        assertThat(store.get(key("b"))).isEmpty();
        assertThat(store.multiGet(List.of(key("b"), key("a"), key("a"))))
                .containsExactly(Optional.empty(), Optional.of(key("3")), Optional.of(key("3")));
    }

    @Test
    void emptyValueIsAValue() {
        store.write(new StateBatch().put(key("a"), Bytes.EMPTY));

        assertThat(store.get(key("a"))).contains(Bytes.EMPTY);
    }

    @Test
    void keysAndValuesThatAreSlicesAreWrittenAsSuch() {
        Bytes array = Bytes.utf8("xxkeyvalueyy");

        store.write(new StateBatch().put(array.slice(2, 5), array.slice(5, 10)));

        assertThat(store.get(Bytes.utf8("key"))).contains(Bytes.utf8("value"));
        assertThat(store.get(Bytes.utf8("-key-").slice(1, 4))).contains(Bytes.utf8("value"));
        assertThat(store.multiGet(List.of(Bytes.utf8("-key-").slice(1, 4))))
                .containsExactly(Optional.of(Bytes.utf8("value")));
    }

    @Test
    void viewDoesNotSeeLaterWrites() {
        store.write(new StateBatch().put(key("a"), key("1")).put(key("b"), key("1")));

        try (StateView view = store.view()) {
            store.write(new StateBatch()
                    .put(key("a"), key("2"))
                    .delete(key("b"))
                    .put(key("c"), key("2")));

            assertThat(view.get(key("a"))).contains(key("1"));
            assertThat(view.multiGet(List.of(key("b"), key("c"))))
                    .containsExactly(Optional.of(key("1")), Optional.empty());
            assertThat(rows(view, Bytes.EMPTY, Bytes.EMPTY))
                    .isEqualTo(Map.of(key("a"), key("1"), key("b"), key("1")));
        }
        try (StateView view = store.view()) {
            assertThat(rows(view, Bytes.EMPTY, Bytes.EMPTY))
                    .isEqualTo(Map.of(key("a"), key("2"), key("c"), key("2")));
        }
    }

    @Test
    void scanIsAscendingUnsignedAndHalfOpen() {
        Bytes low = Bytes.of(new byte[] {1});
        Bytes high = Bytes.of(new byte[] {(byte) 0x80});
        Bytes highest = Bytes.of(new byte[] {(byte) 0xff, (byte) 0xff});
        store.write(new StateBatch().put(highest, low).put(low, low).put(high, low));

        try (StateView view = store.view()) {
            assertThat(keys(view, Bytes.EMPTY, Bytes.EMPTY)).containsExactly(low, high, highest);
            assertThat(keys(view, low, highest)).containsExactly(low, high);
            assertThat(keys(view, Bytes.of(new byte[] {2}), Bytes.EMPTY))
                    .containsExactly(high, highest);
            assertThat(keys(view, high, high)).isEmpty();
            assertThat(keys(view, highest, low)).isEmpty();
        }
    }

    @Test
    void rowsOfACursorStayWhenItMovesOn() {
        store.write(new StateBatch().put(key("a"), key("1")).put(key("b"), key("2")));

        try (StateView view = store.view();
                StateView.Cursor cursor = view.scan(Bytes.EMPTY, Bytes.EMPTY)) {
            cursor.next();
            Bytes firstKey = cursor.key();
            Bytes firstValue = cursor.value();
            cursor.next();

            assertThat(firstKey).isEqualTo(key("a"));
            assertThat(firstValue).isEqualTo(key("1"));
        }
    }

    @Test
    void flushedRowsSurviveACrash() {
        store.write(new StateBatch().put(key("a"), key("1")));
        store.flush();

        crashAndOpen(new SplittableRandom(1));

        assertThat(store.get(key("a"))).contains(key("1"));
    }

    @Test
    void flushOfNothingReturns() {
        store.flush();
        store.write(new StateBatch().put(key("a"), key("1")));
        store.flush();
        store.flush();

        assertThat(store.get(key("a"))).contains(key("1"));
    }

    @Test
    void sizeGrowsWithTheRows() {
        long before = store.size().diskBytes();
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            store.write(new StateBatch().put(key("k" + i), randomBytes(random, 200)));
        }

        store.flush();

        assertThat(store.size().diskBytes()).isGreaterThan(before + 100_000);
        assertThat(store.size().estimatedRows()).isBetween(500L, 2000L);
    }

    @Test
    void whileItClosesOnlyThoseWhoAreInsideRead() {
        store.write(new StateBatch().put(key("a"), key("1")));
        StateView view = store.view();

        assertThat(store.closeIfUnused()).isFalse();

        assertThat(store.viewIfOpen()).isEmpty();
        assertThatThrownBy(() -> store.view()).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> store.get(key("a"))).isInstanceOf(InvariantViolation.class);
        assertThat(view.get(key("a"))).contains(key("1"));
        assertThat(rows(view, Bytes.EMPTY, Bytes.EMPTY)).hasSize(1);
        assertThat(store.closeIfUnused()).isFalse();
        view.close();
        assertThat(store.closeIfUnused()).isTrue();
        assertThat(store.viewIfOpen()).isEmpty();
    }

    @Test
    void viewIfOpenIsAViewWhileTheStoreIsOpen() {
        store.write(new StateBatch().put(key("a"), key("1")));

        try (StateView view = store.viewIfOpen().orElseThrow()) {
            assertThat(view.get(key("a"))).contains(key("1"));
        }
    }

    @Test
    void closingWhatIsClosedIsHarmless() {
        assertThat(store.closeIfUnused()).isTrue();

        assertThat(store.closeIfUnused()).isTrue();
        store.close();
        store.close();
        assertThat(store.closeIfUnused()).isTrue();
        store = open();
        store.close();
        assertThat(store.closeIfUnused()).isTrue();
    }

    @Test
    void deletedGenerationIsEmptyWhenItIsOpenedAgain() {
        try (StateStore other = stores().open(1, 2)) {
            other.write(new StateBatch().put(key("a"), key("1")));
            other.flush();
        }

        stores().delete(1, 2);
        stores().delete(1, 2);

        try (StateStore other = stores().open(1, 2)) {
            assertThat(other.get(key("a"))).isEmpty();
        }
    }

    @Test
    void openGenerationIsNotDeleted() {
        store.write(new StateBatch().put(key("a"), key("1")));
        StateView view = store.view();

        assertThatThrownBy(() -> stores().delete(1, 1)).isInstanceOf(InvariantViolation.class);
        assertThat(store.closeIfUnused()).isFalse();
        assertThatThrownBy(() -> stores().delete(1, 1)).isInstanceOf(InvariantViolation.class);

        assertThat(view.get(key("a"))).contains(key("1"));
        view.close();
        assertThat(store.closeIfUnused()).isTrue();
        stores().delete(1, 1);
        store = open();
        assertThat(store.get(key("a"))).isEmpty();
    }

    /** After a crash the rows are those of a point between two batches, not before the last flush (P3). */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void crashLeavesAPointBetweenTwoBatches(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        List<Map<Bytes, Bytes>> history = new ArrayList<>();
        history.add(new TreeMap<>());
        int flushed = 0;
        for (int step = 0; step < 120; step++) {
            int dice = random.nextInt(20);
            if (dice == 0) {
                store.flush();
                flushed = history.size() - 1;
            } else if (dice == 1) {
                crashAndOpen(random);
                int at = store.get(COUNTER).map(c -> c.intAt(0)).orElse(0);
                assertThat(at).isBetween(flushed, history.size() - 1);
                try (StateView view = store.view()) {
                    assertThat(rows(view, Bytes.EMPTY, Bytes.EMPTY)).isEqualTo(history.get(at));
                }
                history.subList(at + 1, history.size()).clear();
            } else {
                history.add(writeSome(history, random));
            }
        }
    }

    private Map<Bytes, Bytes> writeSome(List<Map<Bytes, Bytes>> history, RandomGenerator random) {
        StateBatch batch = new StateBatch()
                .put(COUNTER, new BytesWriter(4).putInt(history.size()).toBytes());
        for (int i = random.nextInt(20); i > 0; i--) {
            Bytes key = key("k" + random.nextInt(50));
            if (random.nextInt(4) == 0) {
                batch.delete(key);
            } else {
                batch.put(key, randomBytes(random, random.nextInt(500)));
            }
        }
        Map<Bytes, Bytes> after = new TreeMap<>(history.get(history.size() - 1));
        batch.rows()
                .forEach((key, value) ->
                        value.ifPresentOrElse(v -> after.put(key, v), () -> after.remove(key)));
        store.write(batch);
        return after;
    }

    private void crashAndOpen(RandomGenerator random) {
        crash(store, random);
        store = open();
    }

    protected StateStore store() {
        return store;
    }

    protected static Bytes key(String text) {
        return Bytes.utf8(text);
    }

    protected static Map<Bytes, Bytes> rows(StateView view, Bytes from, Bytes to) {
        Map<Bytes, Bytes> rows = new TreeMap<>();
        try (StateView.Cursor cursor = view.scan(from, to)) {
            while (cursor.next()) {
                rows.put(cursor.key(), cursor.value());
            }
        }
        return rows;
    }

    private static List<Bytes> keys(StateView view, Bytes from, Bytes to) {
        return List.copyOf(rows(view, from, to).keySet());
    }

    private static Bytes randomBytes(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
