package io.kvd.bench.micro;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Check;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ApplyLoop;
import io.kvd.core.node.LiveState;
import io.kvd.core.node.NodeOptions;
import io.kvd.protocol.Command;

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
import org.openjdk.jmh.infra.Blackhole;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The leader's apply as it is in the product, from committed entries to rows in RocksDB and encoded replies: time a
 * command, of batches of so many, on a state that holds all keys.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls fill().
public class ApplyBenchmark {
    private static final int COMMANDS = 512;

    /** What is applied. All but one are writes of a session, as clients send them. */
    public enum Operation {
        PUT,
        PUT_WITHOUT_SESSION,
        /** Of keys that are there; they are put again outside of the measurement. */
        DELETE,
        /** With the right revision. */
        COMPARE_AND_SET
    }

    @Param({"PUT", "PUT_WITHOUT_SESSION", "DELETE", "COMPARE_AND_SET"})
    private Operation operation = Operation.PUT;

    @Param({"1", "64", "512"})
    private int batch = COMMANDS;

    @Param("100000")
    private int keyCount = COMMANDS;

    private final CommandLog log = new CommandLog();
    private final List<Integer> deleted = new ArrayList<>();
    private KeysAndValues source;
    private PreparingThread preparing;
    private TemporaryState state;
    private KvStateMachine machine;
    private ApplyLoop loop;
    private List<ApplyInput.ApplyBatch> prepared;
    /** What each key's last prepared put will make its revision. */
    private long[] modRevisions;
    /** After all that is prepared. */
    private long revision;

    @Setup
    public void fill() {
        Check.that(keyCount >= COMMANDS, "%d keys: at least %d are needed", keyCount, COMMANDS);
        source = new KeysAndValues(keyCount);
        preparing = new PreparingThread();
        state = new TemporaryState();
        machine = KvStateMachine.open(
                TemporaryState.GROUP, state.store(), NodeOptions.DEFAULT.rowCacheBytes());
        loop = new ApplyLoop(
                TemporaryState.GROUP,
                TemporaryState.GENERATION,
                machine,
                new LiveState(state.store()),
                state.stores());
        modRevisions = new long[keyCount];
        revision = machine.revision();
        if (operation != Operation.PUT_WITHOUT_SESSION) {
            apply(log.openSession());
        }
        List<Integer> keys = new ArrayList<>();
        for (int key = 0; key < keyCount; key++) {
            keys.add(key);
            if (keys.size() == COMMANDS || key == keyCount - 1) {
                putAll(keys);
                keys.clear();
            }
        }
    }

    @Setup(Level.Invocation)
    public void prepare() {
        prepared = preparing.get(() -> {
            Check.that(machine.revision() == revision, "revision %d", machine.revision());
            if (!deleted.isEmpty()) {
                putAll(deleted);
                deleted.clear();
            }
            List<ApplyInput.ApplyBatch> batches = new ArrayList<>(COMMANDS / batch);
            for (int i = 0; i < COMMANDS / batch; i++) {
                List<Command> commands = new ArrayList<>(batch);
                for (int j = 0; j < batch; j++) {
                    commands.add(nextCommand());
                }
                batches.add(log.append(commands));
            }
            return batches;
        });
    }

    private Command nextCommand() {
        return switch (operation) {
            case PUT, PUT_WITHOUT_SESSION -> put(source.randomKey());
            case DELETE -> delete(source.nextKeyInTurn());
            case COMPARE_AND_SET -> compareAndSet(source.randomKey());
        };
    }

    private Command put(int key) {
        modRevisions[key] = ++revision;
        return CommandLog.put(source.key(key), source.randomValue());
    }

    private Command delete(int key) {
        deleted.add(key);
        revision++;
        return CommandLog.delete(source.key(key));
    }

    private Command compareAndSet(int key) {
        long expected = modRevisions[key];
        modRevisions[key] = ++revision;
        ByteString value = source.randomValue();
        return CommandLog.compareAndSet(source.key(key), value, expected);
    }

    private void putAll(List<Integer> keys) {
        apply(log.append(keys.stream().map(this::put).toList()));
    }

    private ApplyLoop.Outcome apply(ApplyInput.ApplyBatch input) {
        ApplyLoop.Outcome outcome = loop.runOnce(List.of(input));
        state.applied(input.runs().get(0).sizeBytes());
        return outcome;
    }

    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public void apply(Blackhole replies) {
        for (ApplyInput.ApplyBatch input : prepared) {
            replies.consume(apply(input));
        }
    }

    @TearDown
    public void remove() {
        preparing.close();
        state.close();
    }
}
