package io.kvd.simulator.run;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.RangeResult;
import io.kvd.simulator.engine.Later;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.plan.Programme;
import io.kvd.simulator.plan.Step;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Operation;
import io.kvd.simulator.world.World;

/** Has one client carry out its programme, then, when asked, a last write that must succeed. */
final class ClientDriver {
    private static final int GIVE_UP_MS = 20;
    private static final int LARGE_BYTES = 1_000;

    private final World world;
    private final ClientHost client;
    private final Programme programme;
    private final OperationCount operations;
    private final ClientKnowledge steps;

    private int nextStep;
    private int underWay;
    private boolean stopped;
    private boolean stepPlanned;
    /** Number of the last write under way, 0 if none is. */
    private long lastWrite;

    /** Of its value, more or less. */
    private int lastWriteBytes;

    private boolean lastWriteDone;

    ClientDriver(World world, ClientHost client, Programme programme, OperationCount operations) {
        this.world = world;
        this.client = client;
        this.programme = programme;
        this.operations = operations;
        this.steps = new ClientKnowledge(client.toString(), client.number());
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
        beginLastWrite(timeoutMs, 0);
    }

    /** Also when others have ended; of a larger value. */
    void beginLastWrite(int timeoutMs, int valueBytes) {
        lastWriteDone = false;
        lastWriteBytes = valueBytes;
        Bytes key = Bytes.utf8("last-" + client);
        lastWrite = operations.next();
        submit(
                lastWrite,
                timeoutMs,
                WriteMode.SESSION,
                new Operation.Put(
                        key, Bytes.utf8(client + "-" + lastWrite + "x".repeat(valueBytes))));
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
        count(step);
        int times = step.kind() == Step.Kind.BURST ? step.amount() : 1;
        for (int i = 0; i < times; i++) {
            long number = operations.next();
            underWay++;
            submit(number, step.timeoutMs(), mode(step), steps.body(step, number));
        }
    }

    // What is said of a session may be said twice, and belongs to no other one.
    private static WriteMode mode(Step step) {
        return switch (step.kind()) {
            case OPEN_SESSION, CLOSE_SESSION, KEEP_SESSION_ALIVE -> WriteMode.IDEMPOTENT;
            default -> step.mode();
        };
    }

    private void count(Step step) {
        if (underWay > 0) {
            world.tally().count(FaultKind.PIPELINE);
        }
        if (step.timeoutMs() <= GIVE_UP_MS) {
            world.tally().count(FaultKind.GIVE_UP);
        }
        if (step.kind().writesValue() && step.amount() > LARGE_BYTES) {
            world.tally().count(FaultKind.LARGE_VALUES);
        }
        if (nextStep > 1 && programme.steps().get(nextStep - 2).key() == step.key()) {
            world.tally().count(FaultKind.HOT_KEY);
        }
    }

    private void submit(long number, int timeoutMs, WriteMode mode, Operation.Body body) {
        client.submit(new Operation(number, timeoutMs, mode, body));
    }

    private void completed(Operation operation, Outcome<Answer> outcome) {
        operations.ended(outcome);
        if (outcome instanceof Outcome.Ok<Answer> ok) {
            steps.learn(operation.body(), ok);
        }
        if (operation.number() == lastWrite) {
            lastWriteDone = outcome instanceof Outcome.Ok<Answer>;
            if (!lastWriteDone) {
                beginLastWrite((int) operation.timeoutMs(), lastWriteBytes);
            }
            return;
        }
        underWay--;
        if (outcome instanceof Outcome.Ok<Answer> ok && !stopped) {
            goOn(operation, ok.value());
        }
        planStep();
    }

    // Where the answer ended, until all of the range was read.
    private void goOn(Operation operation, Answer answer) {
        RangeResult page = answer.reply().getRange();
        if (operation.body() instanceof Operation.Read read && page.getMore()) {
            underWay++;
            submit(
                    operations.next(),
                    (int) operation.timeoutMs(),
                    operation.mode(),
                    new Operation.Read(
                            Bytes.of(page.getNextKey().toByteArray()),
                            read.to(),
                            read.part(),
                            read.demand()));
        }
    }
}
