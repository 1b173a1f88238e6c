package io.kvd.simulator.run;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.KeyValue;
import io.kvd.simulator.engine.Later;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.plan.Programme;
import io.kvd.simulator.plan.Step;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Operation;
import io.kvd.simulator.world.World;

import java.util.List;
import java.util.TreeMap;

/** Has one client carry out its programme, then, when asked, a last write that must succeed. */
final class ClientDriver {
    private static final int GIVE_UP_MS = 20;
    private static final int LARGE_BYTES = 1_000;
    /** So many at least: keys sort as their numbers do. */
    private static final int KEY_DIGITS = 3;

    private final World world;
    private final ClientHost client;
    private final Programme programme;
    private final OperationCount operations;
    /** Mod revision by key, as this client saw it last; 0 = absent. */
    private final TreeMap<Bytes, Long> seen = new TreeMap<>();

    private int nextStep;
    private int underWay;
    private boolean stopped;
    private boolean stepPlanned;
    /** Number of the last write under way, 0 if none is. */
    private long lastWrite;

    private boolean lastWriteDone;

    ClientDriver(World world, ClientHost client, Programme programme, OperationCount operations) {
        this.world = world;
        this.client = client;
        this.programme = programme;
        this.operations = operations;
        client.whenCompleted(this::completed);
    }

    void begin() {
        planStep();
    }

    /** Begins nothing any more. */
    void stop() {
        stopped = true;
    }

    /** Begins a write that is tried until it succeeds. */
    void beginLastWrite(int timeoutMs) {
        lastWriteDone = false;
        Bytes key = Bytes.utf8("last-" + client);
        lastWrite = operations.next();
        submit(
                lastWrite,
                timeoutMs,
                WriteMode.SESSION,
                new Operation.Put(key, Bytes.utf8(client + "-" + lastWrite)));
    }

    boolean isLastWriteDone() {
        return lastWriteDone;
    }

    private void planStep() {
        boolean mayBegin = !stopped
                && !stepPlanned
                && nextStep < programme.steps().size()
                && underWay < programme.width();
        if (mayBegin) {
            stepPlanned = true;
            Step step = programme.steps().get(nextStep);
            world.timeline().after(step.thinkNanos(), new Later("step", client.toString(), () -> {
                stepPlanned = false;
                if (!stopped) {
                    nextStep++;
                    begin(step);
                    planStep();
                }
            }));
        }
    }

    private void begin(Step step) {
        long number = operations.next();
        count(step);
        underWay++;
        submit(number, step.timeoutMs(), step.mode(), body(step, number));
    }

    private void count(Step step) {
        if (underWay > 0) {
            world.tally().count(FaultKind.PIPELINE);
        }
        if (step.timeoutMs() <= GIVE_UP_MS) {
            world.tally().count(FaultKind.GIVE_UP);
        }
        if (step.valueBytes() > LARGE_BYTES) {
            world.tally().count(FaultKind.LARGE_VALUES);
        }
        if (nextStep > 1 && programme.steps().get(nextStep - 2).key() == step.key()) {
            world.tally().count(FaultKind.HOT_KEY);
        }
    }

    private void submit(long number, int timeoutMs, WriteMode mode, Operation.Body body) {
        client.submit(new Operation(number, timeoutMs, mode, body));
    }

    private Operation.Body body(Step step, long number) {
        Bytes key = key(step.key());
        Bytes end = key(step.key() + step.span());
        return switch (step.kind()) {
            case PUT -> new Operation.Put(key, value(step, number));
            case DELETE -> new Operation.Delete(key);
            case SWAP ->
                new Operation.CompareAndSet(key, value(step, number), seen.getOrDefault(key, 0L));
            case CREATE -> new Operation.CompareAndSet(key, value(step, number), 0);
            case SWAP_WRONG ->
                new Operation.CompareAndSet(key, value(step, number), Long.MAX_VALUE);
            case GET -> new Operation.Read(key, Bytes.EMPTY, 0, Consistency.LINEARIZABLE);
            case RANGE -> new Operation.Read(key, end, 0, Consistency.LINEARIZABLE);
            case STALE_GET -> new Operation.Read(key, Bytes.EMPTY, 0, Consistency.STALE);
            case STALE_RANGE -> new Operation.Read(key, end, 0, Consistency.STALE);
        };
    }

    private static Bytes key(int number) {
        String digits = Integer.toString(number);
        return Bytes.utf8("k" + "0".repeat(Math.max(0, KEY_DIGITS - digits.length())) + digits);
    }

    // Never the same twice, so that a reader's history tells whose write it saw.
    private Bytes value(Step step, long number) {
        String own = client + "-" + number;
        return Bytes.utf8(own + "x".repeat(step.valueBytes()));
    }

    private void completed(Operation operation, Outcome<Answer> outcome) {
        operations.ended(outcome);
        if (outcome instanceof Outcome.Ok<Answer> ok) {
            learn(operation, ok);
        }
        if (operation.number() == lastWrite) {
            lastWriteDone = outcome instanceof Outcome.Ok<Answer>;
            if (!lastWriteDone) {
                beginLastWrite((int) operation.timeoutMs());
            }
        } else {
            underWay--;
            planStep();
        }
    }

    private void learn(Operation operation, Outcome.Ok<Answer> ok) {
        if (operation.body() instanceof Operation.Read read) {
            if (read.to().isEmpty()) {
                seen.put(read.from(), 0L);
            }
            List<KeyValue> rows = ok.value().reply().getRange().getKvsList();
            for (KeyValue row : rows) {
                seen.put(Bytes.of(row.getKey().toByteArray()), row.getModRevision());
            }
        } else if (operation.body() instanceof Operation.Put put) {
            seen.put(put.key(), ok.value().result().getRevision());
        } else if (operation.body() instanceof Operation.CompareAndSet cas) {
            seen.put(cas.key(), ok.value().result().getCompareAndSet().getCurrentModRevision());
        }
    }
}
