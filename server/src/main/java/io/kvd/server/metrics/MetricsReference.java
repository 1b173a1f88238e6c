package io.kvd.server.metrics;

/** The page docs/metrics.md, made of {@link ServerMetric}. */
final class MetricsReference {
    private MetricsReference() {}

    static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Metrics

                <!-- Written from the code; a test compares it. Regenerate: mvn test -pl server -am -Dgolden.rewrite -->

                Each node answers on its admin port (`listen.admin`, by default the client port plus 2, loopback only):

                | path | answer |
                | --- | --- |
                | `/metrics` | all of the below, for Prometheus |
                | `/health/live` | 200 while the process answers |
                | `/health/ready` | 200 if the node knows a leader and has executed what was committed a second ago, else 503 and why |
                | `/status` | the node's own view of itself, as JSON |

                `conf/monitoring/` has a Prometheus configuration, alert rules with their tests, and a Grafana dashboard
                (import `grafana-dashboard.json`). `kvctl top` shows the most important ones live, over the client port.

                A request that takes `log.slow-request` or longer is logged by `kvd.slow` with the time of each stage.

                The same values are beans of JMX in the domain `kvd`, under the names inside; there, durations are
                nanoseconds, and quantiles those of the last minute. A histogram has the series `_bucket`, `_sum` and
                `_count`; all histograms of a unit have the same bounds.

                | name | labels | kind | unit | name inside | meaning |
                | --- | --- | --- | --- | --- | --- |
                """);
        for (ServerMetric metric : ServerMetric.values()) {
            page.append("| `%s` | %s | %s | %s | `%s` | %s |%n"
                    .formatted(
                            metric.exportedName(),
                            String.join(", ", metric.labels()),
                            metric.kind().exported(),
                            metric.exportedUnit(),
                            metric.base(),
                            metric.meaning()));
        }
        return page.toString();
    }
}
