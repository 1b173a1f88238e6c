package io.kvd.simulator;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateBatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What one state directory holds: rows that are durable, batches that are not yet, and what both make. */
final class StateRows {
    /** As a full memtable does, this many batches flush themselves: a long run's memory stays bounded. */
    private static final int MAX_PENDING = 4_096;

    private final Rows durable;
    /** Written since the last flush, in order. */
    private final List<StateBatch> pending = new ArrayList<>();

    private Rows current = new Rows(new TreeMap<>());
    /** Views that hold {@code current}: the next write must leave it to them. */
    private int viewsOfCurrent;

    StateRows() {
        this(new Rows(new TreeMap<>()));
    }

    private StateRows(Rows durable) {
        this.durable = durable;
    }

    /** Rows, and the sum of their bytes. */
    private static final class Rows {
        private final NavigableMap<Bytes, Bytes> byKey;
        private long bytes;

        private Rows(NavigableMap<Bytes, Bytes> byKey) {
            this.byKey = byKey;
        }

        private Rows copy() {
            Rows copy = new Rows(new TreeMap<>(byKey));
            copy.bytes = bytes;
            return copy;
        }

        private void apply(StateBatch batch) {
            batch.rows().forEach((key, value) -> {
                Bytes before = value.isPresent() ? byKey.put(key, value.get()) : byKey.remove(key);
                bytes -= before == null ? 0 : key.length() + before.length();
                bytes += value.map(v -> key.length() + v.length()).orElse(0);
            });
        }
    }

    /** What a copy of the directory holds: what is durable now. */
    StateRows copy() {
        StateRows copy = new StateRows(durable.copy());
        copy.current = durable.copy();
        return copy;
    }

    NavigableMap<Bytes, Bytes> current() {
        return current.byKey;
    }

    void write(StateBatch batch) {
        if (viewsOfCurrent > 0) {
            current = current.copy();
            viewsOfCurrent = 0;
        }
        current.apply(batch);
        pending.add(batch);
        if (pending.size() == MAX_PENDING) {
            flush();
        }
    }

    void flush() {
        pending.forEach(durable::apply);
        pending.clear();
    }

    /** RocksDB flushes by itself too, so any number of the pending batches may have become durable, in order. */
    void crash(RandomGenerator random) {
        int survivors = random.nextInt(pending.size() + 1);
        pending.subList(0, survivors).forEach(durable::apply);
        pending.clear();
        current = durable.copy();
        viewsOfCurrent = 0;
    }

    /** The rows as of now, which no later write changes until {@link #release}. */
    NavigableMap<Bytes, Bytes> hold() {
        viewsOfCurrent++;
        return current.byKey;
    }

    void release(Map<Bytes, Bytes> held) {
        if (held == current.byKey) {
            viewsOfCurrent--;
        }
    }

    long durableBytes() {
        return durable.bytes;
    }

    long currentBytes() {
        return current.bytes;
    }
}
