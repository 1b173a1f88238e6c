package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What apply does with the rows of puts, and nothing else of what it does: no commands, sessions, hashes or replies.
 * Looks the old rows up, and writes the current rows, those of a candidate layout and a row about the state as one
 * batch to the product's store. Apply thread.
 */
final class PrototypeApply {
    private static final Bytes META = Bytes.of(new byte[] {0});
    /** As long as the row by which the product's state describes itself. */
    private static final Bytes META_ROW = Bytes.of(new byte[160]);

    private final StateStore store;
    private final OldRows oldRows;
    private final RowLayout layout;
    private long revision = 1;

    /** A put of a value to the row of a key. */
    record Put(Bytes rowKey, Bytes value) {
        /** Makes the row's key of the user's. */
        static Put of(byte[] userKey, Bytes value) {
            byte[] rowKey = new byte[1 + userKey.length];
            rowKey[0] = RowLayout.CURRENT;
            System.arraycopy(userKey, 0, rowKey, 1, userKey.length);
            return new Put(Bytes.of(rowKey), value);
        }
    }

    PrototypeApply(StateStore store, OldRows oldRows, RowLayout layout) {
        this.store = store;
        this.oldRows = oldRows;
        this.layout = layout;
    }

    /** Applies the puts as one batch, and returns the revision after it. */
    long apply(List<Put> puts) {
        Map<Bytes, Version> latest = read(puts);
        List<Change> changes = new ArrayList<>(puts.size());
        StateBatch batch = new StateBatch();
        for (Put put : puts) {
            Version before = latest.getOrDefault(put.rowKey(), Version.ABSENT);
            Version after = before.put(++revision, put.value());
            latest.put(put.rowKey(), after);
            changes.add(new Change(put.rowKey().slice(1), before, after));
        }
        latest.forEach((rowKey, version) -> {
            Bytes row = version.encode();
            batch.put(rowKey, row);
            oldRows.written(rowKey, row);
        });
        layout.addTo(batch, changes);
        store.write(batch.put(META, META_ROW));
        return revision;
    }

    private Map<Bytes, Version> read(List<Put> puts) {
        TreeMap<Bytes, Version> latest = new TreeMap<>();
        for (Put put : puts) {
            latest.put(put.rowKey(), Version.ABSENT);
        }
        List<Bytes> rowKeys = new ArrayList<>(latest.keySet());
        List<Optional<Bytes>> rows = oldRows.rows(rowKeys);
        for (int i = 0; i < rowKeys.size(); i++) {
            latest.put(rowKeys.get(i), rows.get(i).map(Version::decode).orElse(Version.ABSENT));
        }
        return latest;
    }
}
