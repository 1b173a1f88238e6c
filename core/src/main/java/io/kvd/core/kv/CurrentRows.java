package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;
import io.kvd.core.base.InvariantViolation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The CURRENT rows that a batch's commands name: those that are not known from an earlier batch are read from the store
 * at once, then all are seen and changed here, so that a command sees what the ones before it in the batch did. Apply
 * thread.
 */
final class CurrentRows {
    private final StateStore store;
    private final StateHash hash;
    private final RowCache cache;
    /** Row key to row, of the running batch; absent value = no such row. */
    private final LinkedHashMap<Bytes, Optional<RowCache.Row>> rows = new LinkedHashMap<>();

    /** Keys of the rows that the running batch changed. */
    private final LinkedHashSet<Bytes> changed = new LinkedHashSet<>();

    CurrentRows(StateStore store, StateHash hash, RowCache cache) {
        this.store = store;
        this.hash = hash;
        this.cache = cache;
    }

    /** What a row contributes to the state hash. */
    static Hash128 hash(Bytes rowKey, Bytes row) {
        return Hash128.of(rowKey).then(row);
    }

    /** Begins a batch that names these rows. */
    void load(List<Bytes> rowKeys) {
        List<Bytes> unknown = new ArrayList<>();
        for (Bytes rowKey : rowKeys) {
            if (!rows.containsKey(rowKey)) {
                Optional<RowCache.Row> row = cache.get(rowKey);
                rows.put(rowKey, row);
                if (row.isEmpty()) {
                    unknown.add(rowKey);
                }
            }
        }
        List<Optional<Bytes>> found = unknown.isEmpty() ? List.of() : store.multiGet(unknown);
        for (int i = 0; i < unknown.size(); i++) {
            Bytes rowKey = unknown.get(i);
            rows.put(
                    rowKey,
                    found.get(i).map(encoded -> new RowCache.Row(encoded, hash(rowKey, encoded))));
        }
    }

    Optional<CurrentRow> get(Bytes rowKey) {
        return row(rowKey).map(row -> StateKeys.decodeCurrent(row.encoded()));
    }

    void put(long revision, Effect.Put put) {
        Bytes encoded = StateKeys.encodeCurrent(put.revisions(), put.value());
        RowCache.Row after = new RowCache.Row(encoded, hash(put.rowKey(), encoded));
        row(put.rowKey()).ifPresent(before -> hash.remove(before.hash()));
        hash.add(after.hash());
        hash.changed(revision, after.hash());
        rows.put(put.rowKey(), Optional.of(after));
        changed.add(put.rowKey());
    }

    void delete(long revision, Effect.Delete delete) {
        hash.remove(row(delete.rowKey()).orElseThrow().hash());
        hash.changed(revision, Hash128.of(delete.rowKey()));
        rows.put(delete.rowKey(), Optional.empty());
        changed.add(delete.rowKey());
    }

    /** Ends the batch: puts the changed rows into what is written of it. */
    void writeTo(StateBatch batch) {
        for (Bytes rowKey : changed) {
            Optional<RowCache.Row> row = row(rowKey);
            if (row.isPresent()) {
                batch.put(rowKey, row.get().encoded());
                cache.put(rowKey, row.get());
            } else {
                batch.delete(rowKey);
                cache.remove(rowKey);
            }
        }
        changed.clear();
        rows.clear();
    }

    private Optional<RowCache.Row> row(Bytes rowKey) {
        Optional<RowCache.Row> row = rows.get(rowKey);
        if (row == null) {
            throw new InvariantViolation("row " + rowKey + " was not read for this batch");
        }
        return row;
    }
}
