package io.kvd.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesReader;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;
import io.kvd.simulator.MemoryStateStores;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A layout that is compared by its cost must hold what it is for: every version of every key. */
class RowLayoutTest {
    private static final int PUTS = 300;
    private static final int MAX_BATCH = 7;
    private static final int SEGMENT_REVISIONS = 16;
    private static final long SEED = 42;
    /** Some begin others, and some hold what the escape is made of. */
    private static final List<Bytes> KEYS =
            List.of(key("a"), key("ab"), key("a\0"), key("a\0\0"), key("\0"), key("b"), key("ÿ"));

    private final StateStore store = new MemoryStateStores().open(1, 1);
    /** Revision to key and value: what was put. */
    private final TreeMap<Long, Map.Entry<Bytes, Bytes>> puts = new TreeMap<>();

    /** Reads a key as of a revision from the rows of a layout. */
    private interface PastReader {
        Optional<Bytes> get(StateView view, Bytes userKey, long revision);
    }

    @Test
    void historyRowsHoldEveryVersion() {
        putAtRandom(new HistoryRowLayout());

        expectEveryVersion((view, userKey, revision) -> {
            Bytes from = HistoryRowLayout.historyKey(userKey, revision);
            Bytes to = HistoryRowLayout.historyKey(userKey, 0);
            try (StateView.Cursor versions = view.scan(from, to)) {
                if (!versions.next()) {
                    return Optional.empty();
                }
                BytesReader row = new BytesReader(versions.value());
                row.read(3 * Long.BYTES);
                assertThat(row.readLong()).as("superseded by").isGreaterThan(revision);
                return Optional.of(row.read(row.remaining()));
            }
        });
    }

    @Test
    void eventRunsHoldEveryVersion() {
        putAtRandom(new EventRunLayout(0, SEGMENT_REVISIONS));

        expectEveryVersion((view, userKey, revision) -> superseded(view, userKey, revision)
                .map(event -> {
                    assertThat(event.beforeImage()).isEmpty();
                    return eventAt(view, event.prevModRevision()).value();
                }));
    }

    @Test
    void eventRunsHoldTheVersionBeforeIfItMayHaveBeenCompacted() {
        putAtRandom(new EventRunLayout(Long.MAX_VALUE, SEGMENT_REVISIONS));

        expectEveryVersion((view, userKey, revision) -> superseded(view, userKey, revision)
                .map(event -> event.beforeImage().get(0)));
    }

    private void putAtRandom(RowLayout layout) {
        SplittableRandom random = new SplittableRandom(SEED);
        PrototypeApply apply =
                new PrototypeApply(store, RowLayoutBenchmark.Lookup.MULTI_GET.over(store), layout);
        long revision = 1;
        while (puts.size() < PUTS) {
            List<PrototypeApply.Put> batch = new ArrayList<>();
            for (int i = random.nextInt(MAX_BATCH); i >= 0; i--) {
                Bytes key = KEYS.get(random.nextInt(KEYS.size()));
                Bytes value = Bytes.utf8("value " + ++revision);
                puts.put(revision, Map.entry(key, value));
                batch.add(PrototypeApply.Put.of(key.toArray(), value));
            }
            assertThat(apply.apply(batch)).isEqualTo(revision);
        }
    }

    private void expectEveryVersion(PastReader past) {
        TreeMap<Bytes, Bytes> model = new TreeMap<>();
        try (StateView view = store.view()) {
            for (long revision = 1; revision <= puts.lastKey(); revision++) {
                Map.Entry<Bytes, Bytes> put = puts.get(revision);
                if (put != null) {
                    model.put(put.getKey(), put.getValue());
                }
                for (Bytes key : KEYS) {
                    assertThat(read(view, past, key, revision))
                            .as("%s at revision %d", key, revision)
                            .isEqualTo(Optional.ofNullable(model.get(key)));
                }
            }
        }
    }

    private static Optional<Bytes> read(StateView view, PastReader past, Bytes key, long revision) {
        Bytes rowKey = PrototypeApply.Put.of(key.toArray(), Bytes.EMPTY).rowKey();
        return view.get(rowKey)
                .map(Version::decode)
                .filter(current -> current.modRevision() <= revision)
                .map(Version::value)
                .or(() -> past.get(view, key, revision));
    }

    /** @param beforeImage at most one */
    private record Event(
            long revision,
            Bytes userKey,
            long prevModRevision,
            Bytes value,
            List<Bytes> beforeImage) {}

    /** The event that superseded the version at that revision; empty if there was none. */
    private static Optional<Event> superseded(StateView view, Bytes userKey, long revision) {
        return firstAfter(view, userKey, revision)
                .map(found -> eventAt(view, found))
                .filter(event -> event.prevModRevision() != 0);
    }

    /** The first change of the key after the revision: from the sealed segments, else from the events behind them. */
    private static Optional<Long> firstAfter(StateView view, Bytes userKey, long revision) {
        long sealed = 1;
        for (Bytes segment : rows(view, RowLayout.SEGMENT)) {
            BytesReader index = new BytesReader(segment);
            while (index.remaining() > 0) {
                Bytes key = index.readSized();
                long changed = index.readLong();
                sealed = Math.max(sealed, changed);
                if (changed > revision && key.equals(userKey)) {
                    return Optional.of(changed);
                }
            }
        }
        long behind = Math.max(sealed, revision);
        return events(view).stream()
                .filter(event -> event.revision() > behind && event.userKey().equals(userKey))
                .map(Event::revision)
                .findFirst();
    }

    private static Event eventAt(StateView view, long revision) {
        return events(view).stream()
                .filter(event -> event.revision() == revision)
                .findFirst()
                .orElseThrow();
    }

    private static List<Event> events(StateView view) {
        List<Event> events = new ArrayList<>();
        for (Bytes run : rows(view, RowLayout.EVENT)) {
            BytesReader in = new BytesReader(run);
            while (in.remaining() > 0) {
                long revision = in.readLong();
                in.readInt();
                boolean withBeforeImage = in.readByte() == 3;
                Bytes key = in.readSized();
                long prevModRevision = in.readLong();
                Bytes value = value(in);
                List<Bytes> before = withBeforeImage ? List.of(value(in)) : List.of();
                events.add(new Event(revision, key, prevModRevision, value, before));
            }
        }
        return events;
    }

    private static Bytes value(BytesReader in) {
        in.read(3 * Long.BYTES);
        return in.readSized();
    }

    private static List<Bytes> rows(StateView view, byte kind) {
        List<Bytes> rows = new ArrayList<>();
        Bytes from = new BytesWriter(1).putByte(kind).toBytes();
        Bytes to = new BytesWriter(1).putByte(kind + 1).toBytes();
        try (StateView.Cursor cursor = view.scan(from, to)) {
            while (cursor.next()) {
                rows.add(cursor.value());
            }
        }
        return rows;
    }

    private static Bytes key(String text) {
        return Bytes.utf8(text);
    }
}
