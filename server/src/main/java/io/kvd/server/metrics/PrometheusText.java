package io.kvd.server.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;

import java.util.Map;
import java.util.SortedMap;

/** Writes all metrics in Prometheus's text format, version 0.0.4, in the order of {@link ServerMetric}. */
public final class PrometheusText {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder();

    private PrometheusText() {}

    /** All values as of now. Any thread. */
    public static String of(NodeMetrics metrics) {
        PrometheusText text = new PrometheusText();
        for (ServerMetric metric : ServerMetric.values()) {
            SortedMap<String, Metric> values = metrics.of(metric);
            if (!values.isEmpty()) {
                text.write(metric, values);
            }
        }
        return text.out.toString();
    }

    private void write(ServerMetric metric, SortedMap<String, Metric> values) {
        String name = metric.exportedName();
        out.append("# HELP ").append(name).append(' ').append(metric.meaning()).append('\n');
        out.append("# TYPE ")
                .append(name)
                .append(' ')
                .append(metric.kind().exported())
                .append('\n');
        for (Map.Entry<String, Metric> entry : values.entrySet()) {
            Metric value = entry.getValue();
            if (value instanceof Distribution distribution) {
                write(metric, entry.getKey(), distribution);
            } else if (value instanceof Counter counter) {
                sample(name, entry.getKey(), counter.getCount() / metric.exportedDivisor());
            } else if (value instanceof Gauge<?> gauge) {
                long inside = ((Number) gauge.getValue()).longValue();
                sample(name, entry.getKey(), inside / metric.exportedDivisor());
            } else {
                throw new AssertionError("unhandled " + value);
            }
        }
    }

    private void write(ServerMetric metric, String labels, Distribution distribution) {
        String name = metric.exportedName();
        long[] bounds = metric.bounds();
        Distribution.Cumulative all = distribution.cumulative(bounds);
        String before = labels.isEmpty() ? "" : labels + ",";
        for (int i = 0; i < bounds.length; i++) {
            String bound = number(bounds[i] / metric.exportedDivisor());
            sample(name + "_bucket", before + "le=\"" + bound + "\"", (double) all.atMost()[i]);
        }
        sample(name + "_bucket", before + "le=\"+Inf\"", (double) all.count());
        sample(name + "_sum", labels, all.sum() / metric.exportedDivisor());
        sample(name + "_count", labels, (double) all.count());
    }

    private void sample(String name, String labels, double value) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(number(value)).append('\n');
    }

    /** Whole numbers without a fraction, for people. */
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
