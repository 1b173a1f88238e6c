package io.kvd.server.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.Snapshot;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All metrics as plain numbers, for {@code kvctl top}: named as for Prometheus, in its units; of a distribution the
 * number and the sum since the start, and of the last minute median, 99th percentile and largest value.
 */
public final class Figures {
    private final SortedMap<String, Double> figures = new TreeMap<>();

    private Figures() {}

    /** As of now. Takes a millisecond or so; any thread. */
    public static SortedMap<String, Double> of(NodeMetrics metrics) {
        Figures all = new Figures();
        for (ServerMetric metric : ServerMetric.values()) {
            for (Map.Entry<String, Metric> entry : metrics.of(metric).entrySet()) {
                all.add(metric, entry.getKey(), entry.getValue());
            }
        }
        return all.figures;
    }

    private void add(ServerMetric metric, String labels, Metric value) {
        double divisor = metric.exportedDivisor();
        if (value instanceof Distribution distribution) {
            Distribution.Cumulative all = distribution.cumulative(new long[0]);
            Snapshot lastMinute = distribution.getSnapshot();
            put(metric, "_count", labels, (double) all.count());
            put(metric, "_sum", labels, all.sum() / divisor);
            put(metric, "_p50", labels, lastMinute.getMedian() / divisor);
            put(metric, "_p99", labels, lastMinute.get99thPercentile() / divisor);
            put(metric, "_max", labels, lastMinute.getMax() / divisor);
        } else if (value instanceof Counter counter) {
            put(metric, "", labels, counter.getCount() / divisor);
        } else if (value instanceof Gauge<?> gauge) {
            put(metric, "", labels, ((Number) gauge.getValue()).longValue() / divisor);
        } else {
            throw new AssertionError("unhandled " + value);
        }
    }

    private void put(ServerMetric metric, String suffix, String labels, double value) {
        String name = metric.exportedName() + suffix;
        figures.put(labels.isEmpty() ? name : name + "{" + labels + "}", value);
    }
}
