package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;
import io.kvd.core.base.InvariantViolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The CURRENT rows that a batch's commands name: read from the store at once, then seen and changed here, so that a
 * command sees what the ones before it in the batch did. Apply thread.
 */
final class CurrentRows {
    private final StateStore store;
    private final StateHash hash;
    /** Row key to value; absent value = no such key. */
    private final TreeMap<Bytes, Optional<Bytes>> rows = new TreeMap<>();

    private final TreeMap<Bytes, Optional<Bytes>> changed = new TreeMap<>();

    CurrentRows(StateStore store, StateHash hash) {
        this.store = store;
        this.hash = hash;
    }

    /** What a row contributes to the state hash. */
    static Hash128 hash(Bytes rowKey, Bytes row) {
        return Hash128.of(rowKey).then(row);
    }

    /** Forgets the batch before and reads the rows of the next one. */
    void load(List<Bytes> rowKeys) {
        rows.clear();
        changed.clear();
        for (Bytes rowKey : rowKeys) {
            rows.put(rowKey, Optional.empty());
        }
        List<Bytes> distinct = new ArrayList<>(rows.keySet());
        List<Optional<Bytes>> values = distinct.isEmpty() ? List.of() : store.multiGet(distinct);
        for (int i = 0; i < distinct.size(); i++) {
            rows.put(distinct.get(i), values.get(i));
        }
    }

    Optional<CurrentRow> get(Bytes rowKey) {
        return encoded(rowKey).map(StateKeys::decodeCurrent);
    }

    void put(long revision, Effect.Put put) {
        Hash128 key = Hash128.of(put.rowKey());
        Bytes row = StateKeys.encodeCurrent(put.revisions(), put.value());
        Hash128 after = key.then(row);
        encoded(put.rowKey()).ifPresent(before -> hash.remove(key.then(before)));
        hash.add(after);
        hash.changed(revision, after);
        rows.put(put.rowKey(), Optional.of(row));
        changed.put(put.rowKey(), Optional.of(row));
    }

    void delete(long revision, Effect.Delete delete) {
        Hash128 key = Hash128.of(delete.rowKey());
        Bytes before = encoded(delete.rowKey()).orElseThrow();
        hash.remove(key.then(before));
        hash.changed(revision, key);
        rows.put(delete.rowKey(), Optional.empty());
        changed.put(delete.rowKey(), Optional.empty());
    }

    void writeTo(StateBatch batch) {
        changed.forEach((rowKey, row) ->
                row.ifPresentOrElse(value -> batch.put(rowKey, value), () -> batch.delete(rowKey)));
    }

    private Optional<Bytes> encoded(Bytes rowKey) {
        Optional<Bytes> row = rows.get(rowKey);
        if (row == null) {
            throw new InvariantViolation("row " + rowKey + " was not read for this batch");
        }
        return row;
    }
}
