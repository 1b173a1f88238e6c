package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.kv.StateView;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A RocksDB snapshot. Holds a place in the store's gate until it is closed, and so do its cursors through it. */
final class RocksDbStateView implements StateView {
    private final Path directory;
    private final RocksDB database;
    private final UsageGate gate;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final RowReader reader;
    private int openCursors;
    private boolean closed;

    /** @param gate entered already */
    RocksDbStateView(Path directory, RocksDB database, UsageGate gate) {
        this.directory = directory;
        this.database = database;
        this.gate = gate;
        this.snapshot = database.getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
        this.reader = new RowReader(directory, database, options);
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        checkOpen();
        return reader.get(key);
    }

    @Override
    public List<Optional<Bytes>> multiGet(List<Bytes> keys) {
        checkOpen();
        return reader.multiGet(keys);
    }

    @Override
    public Cursor scan(Bytes from, Bytes to) {
        checkOpen();
        NativeResources cursor = new NativeResources();
        ReadOptions bounded = cursor.own(new ReadOptions()).setSnapshot(snapshot);
        if (!to.isEmpty()) {
            bounded.setIterateUpperBound(cursor.own(new Slice(to.toArray())));
        }
        RowCursor rows = new RowCursor(
                cursor.own(database.newIterator(bounded)), cursor, "state " + directory, from);
        openCursors++;
        return new ViewCursor(rows);
    }

    private void checkOpen() {
        Check.that(!closed, "view of %s is used after it was closed", directory);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        Check.that(
                openCursors == 0,
                "view of %s is closed before %d of its cursors",
                directory,
                openCursors);
        closed = true;
        options.close();
        database.releaseSnapshot(snapshot);
        gate.leave();
    }

    /** Counts itself out, once, when it is closed. */
    private final class ViewCursor implements Cursor {
        private final RowCursor rows;
        private boolean cursorClosed;

        private ViewCursor(RowCursor rows) {
            this.rows = rows;
        }

        @Override
        public boolean next() {
            Check.that(!cursorClosed, "cursor over %s is used after it was closed", directory);
            return rows.next();
        }

        @Override
        public Bytes key() {
            return rows.key();
        }

        @Override
        public Bytes value() {
            return rows.value();
        }

        @Override
        public void close() {
            if (!cursorClosed) {
                cursorClosed = true;
                rows.close();
                openCursors--;
            }
        }
    }
}
