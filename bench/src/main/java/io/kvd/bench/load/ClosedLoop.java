package io.kvd.bench.load;

import io.kvd.client.AsyncKvdClient;
import io.kvd.core.client.Outcome;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps so many requests in flight: as soon as one is answered the next is sent. A slow answer delays the requests
 * behind it, so latencies are those of this number of waiting callers, not of a given rate.
 */
final class ClosedLoop {
    private static final long MAX_LATENCY_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final AsyncKvdClient client;
    private final Workload workload;
    private final int inFlight;
    private final Recorder latencies = new Recorder(MAX_LATENCY_NANOS, DIGITS);
    private final AtomicLong errors = new AtomicLong();

    /** What one iteration measured. Latencies in nanoseconds. */
    record Iteration(double opsPerSecond, Histogram latencies, long errors) {}

    ClosedLoop(AsyncKvdClient client, Workload workload, int inFlight) {
        this.client = client;
        this.workload = workload;
        this.inFlight = inFlight;
    }

    /** Runs for so long, and waits for the last answers. */
    Iteration run(long nanos) throws InterruptedException {
        latencies.reset();
        errors.set(0);
        Semaphore free = new Semaphore(inFlight);
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            free.acquire();
            long sent = System.nanoTime();
            var unused = workload.submit(client).whenComplete((outcome, failure) -> {
                if (failure != null || !(outcome instanceof Outcome.Ok)) {
                    errors.incrementAndGet();
                }
                latencies.recordValue(Math.min(System.nanoTime() - sent, MAX_LATENCY_NANOS));
                free.release();
            });
        }
        free.acquire(inFlight);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Histogram histogram = latencies.getIntervalHistogram();
        return new Iteration(histogram.getTotalCount() / seconds, histogram, errors.get());
    }
}
