package io.kvd.simulator;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A node's hold on one {@link StateRows}; dead once the node crashed. */
public final class MemoryStateStore implements StateStore {
    private final StateRows rows;
    private final String name;
    private int openViews;
    /** Nobody gets in any more; who holds a view still reads it. */
    private boolean closing;

    private boolean closed;
    /** At most one: the next write or flush fails with it, and all after it (P6). */
    private List<StorageException> failure = List.of();

    MemoryStateStore(StateRows rows, String name) {
        this.rows = rows;
        this.name = name;
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        checkOpen();
        return Optional.ofNullable(rows.current().get(key));
    }

    @Override
    public List<Optional<Bytes>> multiGet(List<Bytes> keys) {
        List<Optional<Bytes>> values = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            values.add(get(key));
        }
        return values;
    }

    @Override
    public void write(StateBatch batch) {
        checkOpen();
        checkHealthy();
        rows.write(batch);
    }

    @Override
    public StateView view() {
        checkOpen();
        openViews++;
        return new View(rows.hold());
    }

    @Override
    public Optional<StateView> viewIfOpen() {
        return closing ? Optional.empty() : Optional.of(view());
    }

    @Override
    public boolean closeIfUnused() {
        closing = true;
        closed |= openViews == 0;
        return closed;
    }

    @Override
    public void flush() {
        checkOpen();
        checkHealthy();
        rows.flush();
    }

    @Override
    public Size size() {
        checkOpen();
        return new Size(rows.durableBytes(), rows.currentBytes(), rows.current().size());
    }

    /** From now on every write and flush fails. What was written before is there after a crash, or some of it. */
    public void fail(Kind kind) {
        failure = List.of(new StorageException(kind, name + " failed: injected"));
    }

    /** The real one waits for open views; here nobody could close them meanwhile. */
    @Override
    public void close() {
        if (!closed) {
            Check.that(openViews == 0, "%s is closed before %d of its views", name, openViews);
            closing = true;
            closed = true;
        }
    }

    void kill() {
        closing = true;
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** As of now; to be read before the next write. */
    NavigableMap<Bytes, Bytes> rows() {
        checkOpen();
        return rows.current();
    }

    boolean isOf(StateRows others) {
        return rows == others;
    }

    private void checkOpen() {
        Check.that(!closing, "%s is used after it was closed", name);
    }

    private void checkHealthy() {
        if (!failure.isEmpty()) {
            throw new StorageException(
                    failure.get(0).kind(),
                    String.valueOf(failure.get(0).getMessage()),
                    failure.get(0));
        }
    }

    private final class View implements StateView {
        private final NavigableMap<Bytes, Bytes> held;
        private int openCursors;
        private boolean viewClosed;

        private View(NavigableMap<Bytes, Bytes> held) {
            this.held = held;
        }

        @Override
        public Optional<Bytes> get(Bytes key) {
            checkViewOpen();
            return Optional.ofNullable(held.get(key));
        }

        @Override
        public List<Optional<Bytes>> multiGet(List<Bytes> keys) {
            List<Optional<Bytes>> values = new ArrayList<>(keys.size());
            for (Bytes key : keys) {
                values.add(get(key));
            }
            return values;
        }

        @Override
        public Cursor scan(Bytes from, Bytes to) {
            checkViewOpen();
            openCursors++;
            boolean nothing = !to.isEmpty() && from.compareTo(to) >= 0;
            Map<Bytes, Bytes> range = nothing
                    ? new TreeMap<>()
                    : to.isEmpty() ? held.tailMap(from, true) : held.subMap(from, true, to, false);
            return new RangeCursor(this, range.entrySet().iterator());
        }

        @Override
        public void close() {
            if (!viewClosed) {
                Check.that(
                        openCursors == 0,
                        "view of %s is closed before %d of its cursors",
                        name,
                        openCursors);
                viewClosed = true;
                openViews--;
                rows.release(held);
            }
        }

        private void checkViewOpen() {
            Check.that(!viewClosed && !closed, "view of %s is used after it was closed", name);
        }
    }

    private static final class RangeCursor implements StateView.Cursor {
        private final View view;
        private final Iterator<Map.Entry<Bytes, Bytes>> range;
        private Map.Entry<Bytes, Bytes> row = Map.entry(Bytes.EMPTY, Bytes.EMPTY);
        private boolean cursorClosed;

        private RangeCursor(View view, Iterator<Map.Entry<Bytes, Bytes>> range) {
            this.view = view;
            this.range = range;
        }

        @Override
        public boolean next() {
            Check.that(!cursorClosed, "cursor is used after it was closed");
            view.checkViewOpen();
            boolean more = range.hasNext();
            if (more) {
                row = range.next();
            }
            return more;
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
        public void close() {
            if (!cursorClosed) {
                cursorClosed = true;
                view.openCursors--;
            }
        }
    }
}
