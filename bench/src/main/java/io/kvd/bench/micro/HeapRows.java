package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateStore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The most recently used rows on the heap, bounded in bytes; the others are read from the store. Used by the apply
 * thread alone: a cache that readers share costs more.
 */
final class HeapRows implements OldRows {
    static final long MAX_BYTES = 64 << 20;

    /** What an entry takes beside its key and row: objects, references and a slot of the table. */
    private static final int OVERHEAD_BYTES = 160;

    private final StateStore store;
    private final long maxBytes;
    private final Map<Bytes, Bytes> rows = new LinkedHashMap<>(1024, 0.75f, true);
    private long bytes;

    HeapRows(StateStore store, long maxBytes) {
        this.store = store;
        this.maxBytes = maxBytes;
    }

    @Override
    public List<Optional<Bytes>> rows(List<Bytes> rowKeys) {
        List<Optional<Bytes>> found = new ArrayList<>(rowKeys.size());
        List<Bytes> missing = new ArrayList<>();
        for (Bytes rowKey : rowKeys) {
            Bytes row = rows.get(rowKey);
            found.add(Optional.ofNullable(row));
            if (row == null) {
                missing.add(rowKey);
            }
        }
        return missing.isEmpty() ? found : filled(rowKeys, found, missing);
    }

    private List<Optional<Bytes>> filled(
            List<Bytes> rowKeys, List<Optional<Bytes>> found, List<Bytes> missing) {
        int next = 0;
        List<Optional<Bytes>> read = store.multiGet(missing);
        for (int i = 0; i < rowKeys.size(); i++) {
            if (found.get(i).isEmpty()) {
                found.set(i, read.get(next++));
            }
        }
        return found;
    }

    @Override
    public void written(Bytes rowKey, Bytes row) {
        Bytes replaced = rows.put(rowKey, row);
        bytes += cost(rowKey, row) - (replaced == null ? 0 : cost(rowKey, replaced));
        var eldest = rows.entrySet().iterator();
        while (bytes > maxBytes) {
            Map.Entry<Bytes, Bytes> evicted = eldest.next();
            bytes -= cost(evicted.getKey(), evicted.getValue());
            eldest.remove();
        }
    }

    private static long cost(Bytes rowKey, Bytes row) {
        return OVERHEAD_BYTES + (long) rowKey.length() + row.length();
    }
}
