package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateView;

import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Walks rows in key order. The only user of {@link RocksIterator}: over a damaged block that one just ends, so every
 * end asks for the status. Used by one thread; to be closed before the database.
 */
final class RowCursor implements StateView.Cursor {
    private final RocksIterator rows;
    private final NativeResources owned;
    private final String where;
    private final Bytes from;
    private boolean started;

    /**
     * Stands before the first row at or after {@code from}.
     *
     * @param owned what lives as long as the iterator, itself included
     */
    RowCursor(RocksIterator rows, NativeResources owned, String where, Bytes from) {
        this.rows = rows;
        this.owned = owned;
        this.where = where;
        this.from = from;
    }

    @Override
    public boolean next() {
        if (started) {
            rows.next();
        } else {
            rows.seek(from.compact().array());
            started = true;
        }
        return onRow();
    }

    /** Moves onto the row before this one; false if there is none. */
    boolean previous() {
        rows.prev();
        return onRow();
    }

    /** Moves onto the first row at or after the key; false if there is none. */
    boolean seek(Bytes key) {
        started = true;
        rows.seek(key.compact().array());
        return onRow();
    }

    /** Moves onto the last row at or before the key; false if there is none. */
    boolean seekAtOrBefore(Bytes key) {
        started = true;
        rows.seekForPrev(key.compact().array());
        return onRow();
    }

    @Override
    public Bytes key() {
        return Bytes.of(rows.key());
    }

    @Override
    public Bytes value() {
        return Bytes.of(rows.value());
    }

    /** The value's first bytes, at most {@code length}, without copying the rest. */
    Bytes valuePrefix(int length) {
        byte[] prefix = new byte[length];
        int total = rows.value(prefix);
        return Bytes.of(prefix, 0, Math.min(total, length));
    }

    @Override
    public void close() {
        owned.close();
    }

    private boolean onRow() {
        if (rows.isValid()) {
            return true;
        }
        try {
            rows.status();
        } catch (RocksDBException e) {
            throw StorageFailures.of("reading " + where, e);
        }
        return false;
    }
}
