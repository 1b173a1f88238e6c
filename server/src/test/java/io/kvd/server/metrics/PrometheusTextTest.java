package io.kvd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.InvariantViolation;
import io.kvd.server.Golden;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class PrometheusTextTest {
    private final NodeMetrics metrics = new NodeMetrics();

    /** Each kind, each unit, labels that must be escaped. */
    @Test
    void textOfEachKindIsAsPrometheusReadsIt() throws IOException {
        metrics.counter(ServerMetric.RAFT_ELECTIONS).inc(3);
        metrics.read(ServerMetric.RAFT_TERM, () -> 4);
        metrics.read(ServerMetric.PEER_LAG, () -> 17, "n2");
        metrics.read(ServerMetric.PEER_LAG, () -> 0, "n\"3\\");
        metrics.read(ServerMetric.PROCESS_CPU, () -> 1_250_000_000L);
        Distribution persist = metrics.distribution(ServerMetric.LOG_PERSIST);
        persist.update(40_000, 2);
        persist.update(300_000);
        persist.update(20_000_000_000L);
        metrics.distribution(ServerMetric.LOG_BATCH_ENTRIES).update(5);

        Golden.check(
                "server/src/test/resources/metrics/prometheus.txt", PrometheusText.of(metrics));
    }

    @Test
    void aDistributionWithoutValuesHasAllItsSeries() {
        metrics.distribution(ServerMetric.APPLY_BATCH_ENTRIES);

        assertThat(PrometheusText.of(metrics))
                .contains("kvd_apply_batch_entries_bucket{le=\"+Inf\"} 0\n")
                .contains("kvd_apply_batch_entries_sum 0\n")
                .contains("kvd_apply_batch_entries_count 0\n");
    }

    @Test
    void aValueMustHaveTheLabelsOfItsMetric() {
        assertThatThrownBy(() -> metrics.read(ServerMetric.PEER_LAG, () -> 0))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("[peer]");
    }
}
