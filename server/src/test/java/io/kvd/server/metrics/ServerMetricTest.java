package io.kvd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.server.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.Arrays;

class ServerMetricTest {
    @ParameterizedTest
    @EnumSource
    void nameIsRoomNounAndUnit(ServerMetric metric) {
        assertThat(metric.base()).matches("[a-z]+\\.[a-z_]+\\.[a-z]+");
        assertThat(metric.labels()).allMatch(label -> label.matches("[a-z]+"));
        assertThat(metric.meaning()).endsWith(".").doesNotContain("\n", "\\", "|");
    }

    /** As Prometheus wants it: base units, and only counters end with _total. */
    @ParameterizedTest
    @EnumSource
    void exportedNameFollowsTheConventions(ServerMetric metric) {
        assertThat(metric.exportedName()).matches("kvd_[a-z]+(_[a-z]+)+");
        assertThat(metric.exportedName().endsWith("_total"))
                .isEqualTo(metric.kind() == ServerMetric.Kind.COUNTER);
        assertThat(metric.exportedName()).doesNotContain("nanos", "milli");
    }

    @Test
    void noTwoMetricsShareAName() {
        assertThat(Arrays.stream(ServerMetric.values()).map(ServerMetric::exportedName))
                .doesNotHaveDuplicates();
    }

    @Test
    void pageOfTheDocumentationIsTheList() throws IOException {
        Golden.check("docs/metrics.md", MetricsReference.markdown());
    }
}
