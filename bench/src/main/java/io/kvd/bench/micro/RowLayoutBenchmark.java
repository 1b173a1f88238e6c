package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateStore;
import io.kvd.core.raft.EntryFormat;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the rows of a put cost, by layout and by the way to the old row: time a put, of batches of so many puts to
 * random keys of a state that holds all of them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls fill().
public class RowLayoutBenchmark {
    private static final int PUTS = 512;
    /** Log that a put of this size takes: an entry's header, 14 bytes of key, 256 of value, and their tags. */
    private static final int LOG_BYTES_PER_PUT = EntryFormat.HEADER_BYTES + 14 + 256 + 8;

    /** The candidates. */
    public enum Layout {
        /** Nothing but the current row: what the product writes today. */
        CURRENT_ONLY,
        /** A history row for each superseded version; events without values. */
        HISTORY,
        /** Events with values; a superseded version that was not compacted yet is in its own event. */
        EVENT_RUN,
        /** The same at its worst: every put supersedes a compacted version, which goes into the event too. */
        EVENT_RUN_BEFORE_IMAGES;

        RowLayout create() {
            return switch (this) {
                case CURRENT_ONLY -> (batch, changes) -> {};
                case HISTORY -> new HistoryRowLayout();
                case EVENT_RUN -> new EventRunLayout(0, EventRunLayout.SEGMENT_REVISIONS);
                case EVENT_RUN_BEFORE_IMAGES ->
                    new EventRunLayout(Long.MAX_VALUE, EventRunLayout.SEGMENT_REVISIONS);
            };
        }
    }

    /** The ways to the old rows. */
    public enum Lookup {
        /** One call into RocksDB a row. */
        GET,
        /** One call into RocksDB a batch, as the product does today. */
        MULTI_GET,
        /** A map on the heap that is written through and large enough for all rows. */
        HEAP;

        OldRows over(StateStore store) {
            return switch (this) {
                case GET ->
                    new OldRows.InStore(keys -> keys.stream().map(store::get).toList());
                case MULTI_GET -> new OldRows.InStore(store::multiGet);
                case HEAP -> new HeapRows(store, HeapRows.MAX_BYTES);
            };
        }
    }

    @Param({"CURRENT_ONLY", "HISTORY", "EVENT_RUN"})
    private Layout layout = Layout.CURRENT_ONLY;

    @Param({"GET", "MULTI_GET", "HEAP"})
    private Lookup oldRows = Lookup.GET;

    @Param({"1", "64", "512"})
    private int batch = PUTS;

    @Param("100000")
    private int keyCount = PUTS;

    private KeysAndValues source;
    private PreparingThread preparing;
    private TemporaryState state;
    private PrototypeApply apply;
    private List<List<PrototypeApply.Put>> prepared;

    @Setup
    public void fill() {
        source = new KeysAndValues(keyCount);
        preparing = new PreparingThread();
        state = new TemporaryState();
        apply = new PrototypeApply(state.store(), oldRows.over(state.store()), layout.create());
        List<PrototypeApply.Put> puts = new ArrayList<>();
        for (int key = 0; key < keyCount; key++) {
            puts.add(put(key));
            if (puts.size() == PUTS || key == keyCount - 1) {
                apply.apply(puts);
                state.applied((long) puts.size() * LOG_BYTES_PER_PUT);
                puts.clear();
            }
        }
    }

    @Setup(Level.Invocation)
    public void prepare() {
        prepared = preparing.get(() -> {
            List<List<PrototypeApply.Put>> batches = new ArrayList<>(PUTS / batch);
            for (int i = 0; i < PUTS / batch; i++) {
                List<PrototypeApply.Put> puts = new ArrayList<>(batch);
                for (int j = 0; j < batch; j++) {
                    puts.add(put(source.randomKey()));
                }
                batches.add(puts);
            }
            return batches;
        });
    }

    private PrototypeApply.Put put(int key) {
        return PrototypeApply.Put.of(
                source.key(key).toByteArray(), Bytes.of(source.randomValue().toByteArray()));
    }

    @Benchmark
    @OperationsPerInvocation(PUTS)
    public long put() {
        long revision = 0;
        for (List<PrototypeApply.Put> puts : prepared) {
            revision = apply.apply(puts);
            state.applied((long) puts.size() * LOG_BYTES_PER_PUT);
        }
        return revision;
    }

    @TearDown
    public void remove() {
        preparing.close();
        state.close();
    }
}
