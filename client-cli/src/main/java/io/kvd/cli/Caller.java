package io.kvd.cli;

import io.kvd.client.Operation;
import io.kvd.client.io.ClientLoop;
import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientOptions;
import io.kvd.core.client.ClientOptions.Discovery;
import io.kvd.core.client.ClientOptions.WhenUnreachable;
import io.kvd.core.client.Outcome;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Makes calls on the main thread: it submits them, and drives the client loop while it waits. */
final class Caller implements AutoCloseable {
    private static final long CLOSE_NANOS = 1_000_000_000L;

    private final ClientLoop loop;

    private Caller(Settings settings, RandomGenerator random) {
        this.loop = new ClientLoop(
                new ClientOptions(
                        settings.endpoints(),
                        "kvctl",
                        ClientOptions.DEFAULT_SESSION_TTL_MS,
                        WhenUnreachable.GIVE_UP,
                        Discovery.NONE),
                random);
    }

    /** For calls that open no session: jitter is all the randomness they need, and a good seed costs start-up time. */
    static Caller sessionless(Settings settings) {
        return new Caller(settings, new SplittableRandom(System.nanoTime()));
    }

    static Caller withSession(Settings settings) {
        return new Caller(settings, new SecureRandom());
    }

    /** What came of a call; {@link #isOver} says whether anything has. Changed by the loop's turns. */
    static final class Pending<T> {
        private Outcome<T> outcome = new Outcome.Unknown<>("still under way");
        private boolean over;
        private long answerBytes;

        /** Bytes of the answer to a read; 0 before there is one, and for other calls. */
        long answerBytes() {
            return answerBytes;
        }

        boolean isOver() {
            return over;
        }

        Outcome<T> outcome() {
            return outcome;
        }
    }

    <T> Pending<T> start(Operation<T> operation) {
        Pending<T> pending = new Pending<>();
        loop.submit(operation.call(), answer -> {
            pending.answerBytes = rangeBytes(answer);
            pending.outcome = operation.read(answer);
            pending.over = true;
        });
        return pending;
    }

    private static long rangeBytes(Outcome<Answer> answer) {
        return answer instanceof Outcome.Ok<Answer> ok && ok.value().reply().hasRange()
                ? ok.value().reply().getRange().getSerializedSize()
                : 0;
    }

    /** @param over given what came of the call, in one of the loop's turns */
    <T> void start(Operation<T> operation, Consumer<Outcome<T>> over) {
        loop.submit(operation.call(), answer -> over.accept(operation.read(answer)));
    }

    /** Waits for the call, which its timeout ends at the latest. Other calls go on meanwhile. */
    <T> Outcome<T> await(Pending<T> pending) {
        while (!pending.isOver()) {
            loop.runOnce(Long.MAX_VALUE);
        }
        return pending.outcome();
    }

    <T> Outcome<T> call(Operation<T> operation) {
        return await(start(operation));
    }

    /** Sends and receives what can be without waiting. */
    void turn() {
        turn(0);
    }

    /** Sends and receives, and waits for at most so long for something to receive. */
    void turn(long maxWaitNanos) {
        loop.runOnce(maxWaitNanos);
    }

    /** Lets so much time pass, while calls go on. */
    void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            turn(left);
        }
    }

    /** Closes the session if there is one, and the connections. */
    @Override
    public void close() {
        loop.close();
        long end = System.nanoTime() + CLOSE_NANOS;
        while (!loop.isClosed() && end - System.nanoTime() > 0) {
            loop.runOnce(end - System.nanoTime());
        }
    }
}
