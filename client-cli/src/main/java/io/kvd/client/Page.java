package io.kvd.client;

import io.kvd.core.base.Bytes;

import java.util.List;

/**
 * Some rows of a range in key order, all from one state of the store.
 *
 * @param revision of that state
 * @param more whether the range goes on at {@code next}
 * @param next the first key that was not read; empty if there is no more
 */
public record Page(long revision, List<KeyValue> rows, boolean more, Bytes next) {
    public Page {
        rows = List.copyOf(rows);
    }
}
