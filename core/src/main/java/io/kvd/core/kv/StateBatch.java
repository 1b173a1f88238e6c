package io.kvd.core.kv;

import io.kvd.core.base.Bytes;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rows to put and to delete as one: the last word on a key counts. Built by the apply thread. */
public final class StateBatch {
    /** Row key to its new value; absent value = deleted. */
    private final TreeMap<Bytes, Optional<Bytes>> rows = new TreeMap<>();

    public StateBatch put(Bytes key, Bytes value) {
        rows.put(key, Optional.of(value));
        return this;
    }

    public StateBatch delete(Bytes key) {
        rows.put(key, Optional.empty());
        return this;
    }

    /** The changed rows, ascending by key. */
    public Map<Bytes, Optional<Bytes>> rows() {
        return Collections.unmodifiableMap(rows);
    }
}
