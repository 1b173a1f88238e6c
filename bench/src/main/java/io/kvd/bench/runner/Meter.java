package io.kvd.bench.runner;

import io.kvd.bench.report.Window;
import io.kvd.bench.workload.Operation;
import io.kvd.bench.workload.Request;

import org.HdrHistogram.Recorder;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts what ends, window by window. Anybody may record; one thread takes the windows. */
final class Meter {
    private static final long MAX_LATENCY_NANOS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final Recorder latencies = new Recorder(MAX_LATENCY_NANOS, DIGITS);
    private final LongAdder failures = new LongAdder();
    private final LongAdder missing = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();
    private volatile String lastFailure = "";
    private long begin = System.nanoTime();

    /** @param rows that were read */
    void succeeded(Request request, int rows, long nanos) {
        latencies.recordValue(Math.min(nanos, MAX_LATENCY_NANOS));
        Operation operation = request.operation();
        if (operation != Operation.UPDATE && operation != Operation.INSERT && rows == 0) {
            missing.increment();
        }
        if (!request.value().isEmpty()) {
            writtenBytes.add(request.key().length() + request.value().length());
        }
    }

    void failed(String reason) {
        failures.increment();
        lastFailure = reason;
    }

    /** Why the last one failed that did; empty if none did. */
    Optional<String> lastFailure() {
        return Optional.of(lastFailure).filter(reason -> !reason.isEmpty());
    }

    /** What ended since the last call. */
    Window take() {
        long now = System.nanoTime();
        Window window = new Window(
                (now - begin) / 1e9,
                latencies.getIntervalHistogram(),
                failures.sumThenReset(),
                missing.sumThenReset(),
                writtenBytes.sumThenReset());
        begin = now;
        return window;
    }
}
