package io.kvd.bench.report;

import org.HdrHistogram.Histogram;

import java.util.List;

/**
 * What ended within a stretch of time.
 *
 * @param latencies in nanoseconds, of what succeeded
 * @param missing reads that succeeded and found nothing, though all keys were loaded
 * @param writtenBytes keys and values of acknowledged puts
 */
public record Window(
        double seconds, Histogram latencies, long failures, long missing, long writtenBytes) {

    public double opsPerSecond() {
        return seconds == 0 ? 0 : latencies.getTotalCount() / seconds;
    }

    public double latencyMs(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    /** All of them as one. */
    public static Window sum(List<Window> parts) {
        double seconds = 0;
        Histogram latencies = new Histogram(3);
        long failures = 0;
        long missing = 0;
        long writtenBytes = 0;
        for (Window part : parts) {
            seconds += part.seconds;
            latencies.add(part.latencies);
            failures += part.failures;
            missing += part.missing;
            writtenBytes += part.writtenBytes;
        }
        return new Window(seconds, latencies, failures, missing, writtenBytes);
    }
}
