package io.kvd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void areInTheUnitsOfPrometheus() {
        NodeMetrics metrics = new NodeMetrics();
        metrics.read(ServerMetric.PEER_LAG, () -> 17, "n2");
        metrics.counter(ServerMetric.RAFT_ELECTIONS).inc(3);
        metrics.distribution(ServerMetric.LOG_BATCH_ENTRIES).update(4, 10);
        metrics.read(ServerMetric.PROCESS_CPU, () -> 1_500_000_000L);

        assertThat(Figures.of(metrics))
                .containsOnly(
                        entry("kvd_peer_lag_entries{peer=\"n2\"}", 17.0),
                        entry("kvd_raft_elections_total", 3.0),
                        entry("kvd_log_batch_entries_count", 10.0),
                        entry("kvd_log_batch_entries_sum", 40.0),
                        entry("kvd_log_batch_entries_p50", 4.0),
                        entry("kvd_log_batch_entries_p99", 4.0),
                        entry("kvd_log_batch_entries_max", 4.0),
                        entry("kvd_process_cpu_seconds_total", 1.5));
    }
}
