package io.kvd.cli;

import io.kvd.client.Operation;
import io.kvd.core.client.Outcome;

import org.HdrHistogram.Histogram;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/**
 * Starts requests at the times of a fixed rate, whether earlier ones were answered or not, and measures each from the
 * time at which it was to start: a stall delays all that come within it, and all are counted.
 */
final class OpenLoop {
    /** Unanswered requests; more are kept back, and only their time goes on. Bounds memory. */
    private static final int MAX_UNANSWERED = 16_384;

    private static final long MAX_LATENCY_MICROS = 600_000_000;
    private static final int DIGITS = 3;
    private static final long NANOS_A_SECOND = 1_000_000_000L;
    /** Sleeping in the selector is exact to this. */
    private static final long COARSE_NANOS = 2_000_000;
    /** Within that, this is how long nobody looks for answers: what a measured time may be too long by. */
    private static final long FINE_NANOS = 50_000;

    private final Caller caller;
    private final BooleanSupplier interrupted;
    private final LongFunction<Operation<?>> requests;
    /** In microseconds. */
    private final Histogram latencies = new Histogram(MAX_LATENCY_MICROS, DIGITS);

    private long started;
    private long answered;
    private long failed;
    private String firstFailure = "";
    private long lastAnswerNanos;

    /** @param requests the request with the number, from 0 on */
    OpenLoop(Caller caller, BooleanSupplier interrupted, LongFunction<Operation<?>> requests) {
        this.caller = caller;
        this.interrupted = interrupted;
        this.requests = requests;
    }

    /**
     * What came of it.
     *
     * @param failed requests that were answered with anything but what was asked for
     * @param firstFailure what the first of them was told; empty if there was none
     */
    record Result(Histogram latencies, double perSecond, long failed, String firstFailure) {}

    /** Told again and again how far it is. */
    interface Progress {
        void at(long elapsedNanos, long succeeded, Histogram latencies);
    }

    /** Runs until the load's time is over and everything is answered, or it is interrupted. */
    Result run(PerfLoad load, Progress progress) {
        long durationNanos = load.duration().toNanos();
        long total = Math.max(1, dueBy(durationNanos, load));
        long beginNanos = System.nanoTime();
        long elapsedNanos = 0;
        while (started < total && elapsedNanos < durationNanos && !interrupted.getAsBoolean()) {
            startUntil(Math.min(total, dueBy(elapsedNanos, load) + 1), beginNanos, load);
            awaitAnswers(intendedNanos(beginNanos, load));
            elapsedNanos = System.nanoTime() - beginNanos;
            progress.at(elapsedNanos, latencies.getTotalCount(), latencies);
        }
        if (!interrupted.getAsBoolean()) {
            // What was due while this process itself was held up.
            startUntil(total, beginNanos, load);
        }
        // Each call has a timeout, so this ends.
        while (answered < started) {
            caller.turn(NANOS_A_SECOND);
        }
        // The last interval ends when the next request would have been due.
        long tookNanos = Math.max(durationNanos, lastAnswerNanos - beginNanos);
        double perSecond = latencies.getTotalCount() * (double) NANOS_A_SECOND / tookNanos;
        return new Result(latencies, perSecond, failed, firstFailure);
    }

    private static long dueBy(long elapsedNanos, PerfLoad load) {
        return Math.multiplyExact(elapsedNanos / 1_000, load.perSecond()) / 1_000_000;
    }

    private void startUntil(long due, long beginNanos, PerfLoad load) {
        while (started < due && started - answered < MAX_UNANSWERED) {
            long intendedNanos = intendedNanos(beginNanos, load);
            start(requests.apply(started++), intendedNanos);
        }
    }

    /** Of the next request. */
    private long intendedNanos(long beginNanos, PerfLoad load) {
        return beginNanos + started * NANOS_A_SECOND / load.perSecond();
    }

    private <T> void start(Operation<T> operation, long intendedNanos) {
        caller.start(operation, outcome -> {
            answered++;
            lastAnswerNanos = System.nanoTime();
            if (outcome instanceof Outcome.Ok<T>) {
                latencies.recordValue(
                        Math.min(MAX_LATENCY_MICROS, (lastAnswerNanos - intendedNanos) / 1_000));
            } else {
                firstFailure = failed == 0 ? Failure.of(outcome, "").what() : firstFailure;
                failed++;
            }
        });
    }

    private void awaitAnswers(long nextNanos) {
        long waitNanos = nextNanos - System.nanoTime();
        if (waitNanos > COARSE_NANOS) {
            caller.turn(waitNanos - COARSE_NANOS);
        } else {
            caller.turn();
            if (waitNanos > 0) {
                LockSupport.parkNanos(Math.min(waitNanos, FINE_NANOS));
            }
        }
    }
}
