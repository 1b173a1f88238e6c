package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;
import io.kvd.core.base.InvariantViolation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The CURRENT rows that a batch's commands name. Those whose heads are not known from an earlier batch are read from the
 * store at once; then all are seen and changed here, so that a command sees what the ones before it in the batch did.
 * Apply thread.
 */
final class CurrentRows {
    private final StateStore store;
    private final StateHash hash;
    private final RowHeads known;
    /** Row key to the row's head, of the running batch; absent value = no such row. */
    private final LinkedHashMap<Bytes, Optional<RowHead>> heads = new LinkedHashMap<>();

    /** Row key to row: what the running batch changed; absent value = deleted. */
    private final LinkedHashMap<Bytes, Optional<Bytes>> changed = new LinkedHashMap<>();

    CurrentRows(StateStore store, StateHash hash, RowHeads known) {
        this.store = store;
        this.hash = hash;
        this.known = known;
    }

    /** What a row contributes to the state hash. */
    static Hash128 hash(Bytes rowKey, Bytes row) {
        return Hash128.of(rowKey).then(row);
    }

    /** Begins a batch that names these rows. */
    void load(List<Bytes> rowKeys) {
        List<Bytes> unknown = new ArrayList<>();
        for (Bytes rowKey : rowKeys) {
            if (!heads.containsKey(rowKey)) {
                Optional<RowHead> head = known.get(rowKey);
                heads.put(rowKey, head);
                if (head.isEmpty()) {
                    unknown.add(rowKey);
                }
            }
        }
        List<Optional<Bytes>> found = unknown.isEmpty() ? List.of() : store.multiGet(unknown);
        for (int i = 0; i < unknown.size(); i++) {
            Bytes rowKey = unknown.get(i);
            heads.put(rowKey, found.get(i).map(row -> headOf(rowKey, row)));
        }
    }

    private static RowHead headOf(Bytes rowKey, Bytes row) {
        return new RowHead(StateKeys.decodeCurrent(row).revisions(), hash(rowKey, row));
    }

    Optional<RowHead> get(Bytes rowKey) {
        Optional<RowHead> head = heads.get(rowKey);
        if (head == null) {
            throw new InvariantViolation("row " + rowKey + " was not read for this batch");
        }
        return head;
    }

    void put(long revision, Effect.Put put) {
        Bytes row = StateKeys.encodeCurrent(put.revisions(), put.value());
        RowHead after = new RowHead(put.revisions(), hash(put.rowKey(), row));
        get(put.rowKey()).ifPresent(before -> hash.remove(before.hash()));
        hash.add(after.hash());
        hash.changed(revision, after.hash());
        heads.put(put.rowKey(), Optional.of(after));
        changed.put(put.rowKey(), Optional.of(row));
    }

    void delete(long revision, Effect.Delete delete) {
        hash.remove(get(delete.rowKey()).orElseThrow().hash());
        hash.changed(revision, Hash128.of(delete.rowKey()));
        heads.put(delete.rowKey(), Optional.empty());
        changed.put(delete.rowKey(), Optional.empty());
    }

    /** Ends the batch: puts the changed rows into what is written of it. */
    void writeTo(StateBatch batch) {
        for (Map.Entry<Bytes, Optional<Bytes>> change : changed.entrySet()) {
            Bytes rowKey = change.getKey();
            if (change.getValue().isPresent()) {
                batch.put(rowKey, change.getValue().get());
                known.put(rowKey, get(rowKey).orElseThrow());
            } else {
                batch.delete(rowKey);
                known.remove(rowKey);
            }
        }
        changed.clear();
        heads.clear();
    }
}
