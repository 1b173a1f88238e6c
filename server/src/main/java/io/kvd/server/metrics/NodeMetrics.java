package io.kvd.server.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;

import io.kvd.core.base.Check;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The metrics of one node, by the names of {@link ServerMetric}. Whoever measures asks once for the counter or the
 * distribution and keeps it; what is counted elsewhere is handed in as a supplier, which any thread may call and which
 * does not wait.
 */
public final class NodeMetrics {
    private final MetricRegistry registry = new MetricRegistry();

    /** For reporters. */
    public MetricRegistry registry() {
        return registry;
    }

    public Counter counter(ServerMetric metric, String... labels) {
        mustBe(metric, ServerMetric.Kind.COUNTER);
        return registry.counter(name(metric, labels));
    }

    public Distribution distribution(ServerMetric metric, String... labels) {
        mustBe(metric, ServerMetric.Kind.DISTRIBUTION);
        Distribution distribution = Distribution.empty();
        registry.register(name(metric, labels), distribution);
        return distribution;
    }

    /** A gauge, or a counter that something else counts. */
    public void read(ServerMetric metric, LongSupplier value, String... labels) {
        Check.that(metric.kind() != ServerMetric.Kind.DISTRIBUTION, "%s is a distribution", metric);
        Gauge<Long> gauge = value::getAsLong;
        registry.register(name(metric, labels), gauge);
    }

    /** Called every ten seconds: quantiles are those of the last minute. */
    public void advance() {
        for (Metric metric : registry.getMetrics().values()) {
            if (metric instanceof Distribution distribution) {
                distribution.advance();
            }
        }
    }

    /** What there is of the metric, by its labels in Prometheus's notation; {@code ""} without labels. */
    SortedMap<String, Metric> of(ServerMetric metric) {
        SortedMap<String, Metric> found = new TreeMap<>();
        for (Map.Entry<String, Metric> entry : registry.getMetrics().entrySet()) {
            String name = entry.getKey();
            if (name.equals(metric.base())) {
                found.put("", entry.getValue());
            } else if (name.startsWith(metric.base() + "{")) {
                found.put(
                        name.substring(metric.base().length() + 1, name.length() - 1),
                        entry.getValue());
            }
        }
        return found;
    }

    private static void mustBe(ServerMetric metric, ServerMetric.Kind kind) {
        Check.that(metric.kind() == kind, "%s is a %s", metric, metric.kind());
    }

    /** Dropwizard knows no labels: they go into the name, as they are exported. */
    private static String name(ServerMetric metric, String... values) {
        Check.that(
                values.length == metric.labels().size(),
                "%s has the labels %s",
                metric,
                metric.labels());
        if (values.length == 0) {
            return metric.base();
        }
        StringBuilder name = new StringBuilder(metric.base()).append('{');
        for (int i = 0; i < values.length; i++) {
            name.append(i == 0 ? "" : ",")
                    .append(metric.labels().get(i))
                    .append("=\"")
                    .append(escaped(values[i]))
                    .append('"');
        }
        return name.append('}').toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
