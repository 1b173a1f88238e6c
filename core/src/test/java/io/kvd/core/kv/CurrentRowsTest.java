package io.kvd.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

final class CurrentRowsTest {
    private static final int VALUE_BYTES = 100;
    /** In the ring and the index; a short key. */
    private static final int HEAD_BYTES = 80;

    private final MemoryStateStore store = new MemoryStateStore();
    private final StateHash hash = new StateHash(Hash128.ZERO, Hash128.ZERO);
    private long revision = 1;

    @Test
    void aRowThatWasReadIsNotReadAgain() {
        CurrentRows rows = rows(10);
        batch(rows, "a");
        batch(rows, "a", "a");

        assertThat(store.asked()).containsExactly(key("a"));
    }

    @Test
    void aRowIsKnownAsTheLastBatchLeftIt() {
        CurrentRows rows = rows(10);
        batch(rows, "a");
        batch(rows, "a");

        rows.load(List.of(key("a")));

        assertThat(rows.get(key("a")).orElseThrow().revisions().version()).isEqualTo(2);
        assertThat(store.get(key("a")).map(row -> StateKeys.decodeCurrent(row).revisions()))
                .isEqualTo(rows.get(key("a")).map(RowHead::revisions));
    }

    @Test
    void aDeletedRowIsKnownToBeAbsent() {
        CurrentRows rows = rows(10);
        batch(rows, "a");
        rows.load(List.of(key("a")));
        rows.delete(++revision, new Effect.Delete(key("a")));
        write(rows);

        rows.load(List.of(key("a")));

        assertThat(rows.get(key("a"))).isEmpty();
        assertThat(store.get(key("a"))).isEmpty();
    }

    @Test
    void aRowThatWasDeletedAndMadeAgainIsTheNewOne() {
        CurrentRows rows = rows(10);
        batch(rows, "a", "a");
        rows.load(List.of(key("a")));
        rows.delete(++revision, new Effect.Delete(key("a")));
        rows.load(List.of(key("a")));
        put(rows, key("a"));
        write(rows);

        rows.load(List.of(key("a")));

        assertThat(rows.get(key("a")).orElseThrow().revisions().version()).isEqualTo(1);
    }

    @Test
    void aBatchMayNameMoreRowsThanAreKnownAfterIt() {
        CurrentRows rows = rows(32);
        List<Bytes> keys = IntStream.range(0, 100).mapToObj(i -> key("k" + i)).toList();
        rows.load(keys);
        keys.forEach(key -> put(rows, key));
        write(rows);
        store.asked().clear();

        rows.load(keys);

        assertThat(store.asked()).hasSizeBetween(68, 99).doesNotContain(key("k99"));
        assertThat(keys).allMatch(key -> rows.get(key).isPresent());
    }

    @Test
    void withoutRoomEveryBatchReadsItsRows() {
        CurrentRows rows = rows(0);
        batch(rows, "a");
        batch(rows, "a");

        assertThat(store.asked()).containsExactly(key("a"), key("a"));
    }

    @Test
    void theStateHashIsTheSameWhetherRowsAreKnownOrRead() {
        CurrentRowsTest other = new CurrentRowsTest();
        CurrentRows known = rows(10);
        CurrentRows read = other.rows(0);
        for (String name : List.of("a", "b", "a", "c", "a")) {
            batch(known, name);
            other.batch(read, name);
        }

        assertThat(hash.value()).isEqualTo(other.hash.value());
    }

    /** With a cache for about so many rows. */
    private CurrentRows rows(int known) {
        return new CurrentRows(store, hash, new RowHeads((long) known * HEAD_BYTES));
    }

    private void batch(CurrentRows rows, String... names) {
        for (String name : names) {
            rows.load(List.of(key(name)));
            revision++;
            put(rows, key(name));
        }
        write(rows);
    }

    private void put(CurrentRows rows, Bytes key) {
        KeyRevisions revisions = rows.get(key)
                .map(row -> row.revisions().put(revision))
                .orElseGet(() -> KeyRevisions.created(revision));
        rows.put(revision, new Effect.Put(key, revisions, value()));
    }

    private void write(CurrentRows rows) {
        StateBatch batch = new StateBatch();
        rows.writeTo(batch);
        store.write(batch);
    }

    private static Bytes key(String name) {
        return StateKeys.current(ByteString.copyFromUtf8(name));
    }

    private static ByteString value() {
        return ByteString.copyFrom(new byte[VALUE_BYTES]);
    }
}
