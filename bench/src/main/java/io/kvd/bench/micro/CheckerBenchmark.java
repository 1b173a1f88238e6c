package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Response;
import io.kvd.simulator.linearizability.Budget;
import io.kvd.simulator.linearizability.LinearizabilityChecker;
import io.kvd.simulator.linearizability.Verdict;

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
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to judge a good history. One operation is one history of so many gets and puts by 16 clients, half of
 * each, one in a hundred with an unknown outcome, with revisions, on so many keys.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls run().
public class CheckerBenchmark {
    private static final long SEED = 42;
    private static final int CLIENTS = 16;
    private static final int MAX_STEP_NANOS = 1_000;
    private static final double UNKNOWN_RATIO = 0.01;

    @Param({"1000", "10000", "100000"})
    private int operations = 1_000;

    @Param({"1", "1000"})
    private int keys = 1;

    private List<Invocation> history;

    /** When an operation is called, happens, and returns. */
    private record Moments(long client, long callNanos, long effectNanos, long returnNanos) {}

    @Setup
    public void run() {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<Bytes, Response> rows = new TreeMap<>();
        history = new ArrayList<>(operations);
        long revision = 0;
        for (Moments moments : inTheOrderOfTheirEffects(random)) {
            Bytes key = Bytes.utf8("key-" + random.nextInt(keys));
            Operation operation = new Operation.Get(key);
            Response response = rows.getOrDefault(key, new Response.Absent());
            if (random.nextBoolean()) {
                Bytes value = Bytes.utf8("value-" + ++revision);
                operation = new Operation.Put(key, value);
                response = new Response.Written(revision);
                rows.put(key, new Response.Found(value, revision));
            }
            Invocation.Outcome outcome = random.nextDouble() < UNKNOWN_RATIO
                    ? new Invocation.Unknown(moments.returnNanos())
                    : new Invocation.Ok(response, moments.returnNanos());
            history.add(new Invocation(moments.client(), operation, moments.callNanos(), outcome));
        }
    }

    private List<Moments> inTheOrderOfTheirEffects(SplittableRandom random) {
        long[] freeNanos = new long[CLIENTS];
        Moments[] all = new Moments[operations];
        for (int i = 0; i < operations; i++) {
            int client = i % CLIENTS;
            long call = freeNanos[client] + 1 + random.nextInt(MAX_STEP_NANOS);
            long effect = call + 1 + random.nextInt(MAX_STEP_NANOS);
            freeNanos[client] = effect + 1 + random.nextInt(MAX_STEP_NANOS);
            all[i] = new Moments(client, call, effect, freeNanos[client]);
        }
        Arrays.sort(all, Comparator.comparingLong(Moments::effectNanos));
        return List.of(all);
    }

    @Benchmark
    public Verdict check() {
        Verdict verdict = new LinearizabilityChecker(Budget.DEFAULT).check(history);
        Check.that(verdict instanceof Verdict.Linearizable, "judged %s", verdict);
        return verdict;
    }
}
