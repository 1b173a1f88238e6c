package io.kvd.core.kv;

import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rows in a map, for tests of single classes. Counts what the tests are about; durability is not. */
final class MemoryStateStore implements StateStore {
    private final TreeMap<Bytes, Bytes> rows = new TreeMap<>();
    private int batchCount;
    private int multiGetCount;
    private final List<Bytes> asked = new ArrayList<>();
    private StateBatch lastBatch = new StateBatch();

    /** A store with the same rows: what a restart finds. */
    MemoryStateStore copy() {
        MemoryStateStore copy = new MemoryStateStore();
        copy.rows.putAll(rows);
        return copy;
    }

    Map<Bytes, Bytes> rows() {
        return rows;
    }

    int batchCount() {
        return batchCount;
    }

    int multiGetCount() {
        return multiGetCount;
    }

    /** The keys that were asked for together. */
    List<Bytes> asked() {
        return asked;
    }

    StateBatch lastBatch() {
        return lastBatch;
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        return Optional.ofNullable(rows.get(key));
    }

    @Override
    public List<Optional<Bytes>> multiGet(List<Bytes> keys) {
        multiGetCount++;
        asked.addAll(keys);
        List<Optional<Bytes>> values = new ArrayList<>();
        keys.forEach(key -> values.add(get(key)));
        return values;
    }

    @Override
    public void write(StateBatch batch) {
        batchCount++;
        lastBatch = batch;
        batch.rows()
                .forEach((key, value) ->
                        value.ifPresentOrElse(row -> rows.put(key, row), () -> rows.remove(key)));
    }

    @Override
    public StateView view() {
        return new View(copy());
    }

    @Override
    public Optional<StateView> viewIfOpen() {
        return Optional.of(view());
    }

    @Override
    public boolean closeIfUnused() {
        return true;
    }

    @Override
    public void flush() {}

    @Override
    public Size size() {
        return new Size(0, 0, rows.size());
    }

    @Override
    public void close() {}

    private record View(MemoryStateStore store) implements StateView {
        @Override
        public Optional<Bytes> get(Bytes key) {
            return store.get(key);
        }

        @Override
        public List<Optional<Bytes>> multiGet(List<Bytes> keys) {
            return store.multiGet(keys);
        }

        @Override
        public Cursor scan(Bytes from, Bytes to) {
            Map<Bytes, Bytes> part =
                    to.isEmpty() ? store.rows.tailMap(from) : store.rows.subMap(from, to);
            return new MapCursor(part.entrySet().iterator());
        }

        @Override
        public void close() {}
    }

    private static final class MapCursor implements StateView.Cursor {
        private final Iterator<Map.Entry<Bytes, Bytes>> rows;
        private Map.Entry<Bytes, Bytes> row = Map.entry(Bytes.EMPTY, Bytes.EMPTY);

        MapCursor(Iterator<Map.Entry<Bytes, Bytes>> rows) {
            this.rows = rows;
        }

        @Override
        public boolean next() {
            if (!rows.hasNext()) {
                return false;
            }
            row = rows.next();
            return true;
        }

        @Override
        public Bytes key() {
            return row.getKey();
        }

        @Override
        public Bytes value() {
            return row.getValue();
        }

        @Override
        public void close() {}
    }
}
