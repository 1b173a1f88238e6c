package io.kvd.bench.micro;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Check;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.RangeReader;
import io.kvd.core.kv.StateView;
import io.kvd.core.node.ApplyLoop;
import io.kvd.core.node.LiveState;
import io.kvd.protocol.Command;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
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
 * What the read thread does once reads may be served, from a view of the state to results. One operation is one round:
 * a view taken, so many reads from it, closed. All of the state is flushed, and fits into the block cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls fill().
public class StateReadBenchmark {
    private static final int PUTS = 512;

    @Param("100000")
    private int keyCount = PUTS;

    private KeysAndValues source;
    private TemporaryState state;

    /** Single keys, at random. */
    @State(Scope.Thread)
    public static class Gets {
        @Param({"1", "16", "64"})
        private int reads = 1;
    }

    /** One range, from a random key on. */
    @State(Scope.Thread)
    public static class Rows {
        @Param({"10", "100"})
        private int limit = 1;
    }

    @Setup
    public void fill() {
        source = new KeysAndValues(keyCount);
        state = new TemporaryState();
        CommandLog log = new CommandLog();
        ApplyLoop loop = new ApplyLoop(
                TemporaryState.GROUP,
                TemporaryState.GENERATION,
                KvStateMachine.open(TemporaryState.GROUP, state.store(), 0),
                new LiveState(state.store()),
                state.stores());
        List<Command> puts = new ArrayList<>();
        for (int key = 0; key < keyCount; key++) {
            puts.add(CommandLog.put(source.key(key), source.randomValue()));
            if (puts.size() == PUTS || key == keyCount - 1) {
                loop.runOnce(List.of(log.append(puts)));
                puts.clear();
            }
        }
        state.store().flush();
    }

    @Benchmark
    public List<RangeResult> get(Gets gets) {
        List<RangeRequest> requests = new ArrayList<>(gets.reads);
        for (int i = 0; i < gets.reads; i++) {
            requests.add(RangeRequest.newBuilder().setKey(randomKey()).build());
        }
        try (StateView view = state.store().view()) {
            List<RangeResult> results = RangeReader.readAll(view, requests);
            Check.that(results.get(0).getKvsCount() == 1, "not found: %s", requests.get(0));
            return results;
        }
    }

    @Benchmark
    public RangeResult range(Rows rows) {
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(randomKey())
                .setRangeEnd(ByteString.copyFrom(new byte[] {0}))
                .setLimit(rows.limit)
                .build();
        try (StateView view = state.store().view()) {
            RangeResult result = RangeReader.read(view, request);
            Check.that(result.getKvsCount() > 0, "nothing from %s on", request);
            return result;
        }
    }

    private ByteString randomKey() {
        return source.key(source.randomKey());
    }

    @TearDown
    public void remove() {
        state.close();
    }
}
