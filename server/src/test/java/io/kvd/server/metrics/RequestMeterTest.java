package io.kvd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.RequestOrigin;
import io.kvd.server.CapturedLog;
import io.kvd.server.metrics.RequestTimes.Op;

import org.junit.jupiter.api.Test;

import java.util.List;

class RequestMeterTest {
    private static final long MS = 1_000_000;

    private final NodeMetrics metrics = new NodeMetrics();
    private final RequestMeter meter = new RequestMeter(metrics, 100 * MS);

    @Test
    void eachStageOfAWriteIsWhatPassedSinceTheOneBefore() {
        RequestTimes times = write(2 * MS, 5 * MS, 9 * MS, 14 * MS);

        meter.answered(List.of(reply(MS, times), reply(MS, times), reply(0, times)), 20 * MS);

        assertThat(count("op=\"write\",stage=\"queued\",le=\"0.001\"")).isEqualTo(2);
        assertThat(count("op=\"write\",stage=\"queued\",le=\"0.0025\"")).isEqualTo(3);
        assertThat(count("op=\"write\",stage=\"persisted\",le=\"0.0025\"")).isZero();
        assertThat(count("op=\"write\",stage=\"persisted\",le=\"0.005\"")).isEqualTo(3);
        assertThat(count("op=\"write\",stage=\"replicated\",le=\"0.005\"")).isEqualTo(3);
        assertThat(count("op=\"write\",stage=\"applied\",le=\"0.005\"")).isEqualTo(3);
        assertThat(count("op=\"write\",stage=\"replied\",le=\"0.01\"")).isEqualTo(3);
        assertThat(text()).contains("kvd_request_total_seconds_count{op=\"write\"} 3");
    }

    @Test
    void aBatchOfMixedAnswersIsCountedWhereEachBelongs() {
        RequestTimes write = write(MS, MS, MS, MS);
        RequestTimes read = RequestTimes.read(Op.READ, MS, 2 * MS);

        meter.answered(
                List.of(
                        reply(0, write),
                        reply(0, read),
                        reply(0, read),
                        reply(0, RequestTimes.NONE),
                        reply(0, write(2 * MS, 2 * MS, 2 * MS, 2 * MS))),
                3 * MS);

        assertThat(text())
                .contains(
                        "kvd_request_total_seconds_count{op=\"write\"} 2",
                        "kvd_request_total_seconds_count{op=\"read\"} 2",
                        "kvd_request_stage_seconds_count{op=\"read\",stage=\"confirmed\"} 2",
                        "kvd_request_stage_seconds_count{op=\"write\",stage=\"replied\"} 2",
                        "kvd_request_unserved_total 1");
    }

    @Test
    void aSlowRequestIsLoggedWithItsStages() {
        try (CapturedLog log = CapturedLog.of("kvd.slow")) {
            meter.answered(List.of(reply(0, write(10 * MS, 20 * MS, 90 * MS, 95 * MS))), 100 * MS);

            assertThat(log.lines())
                    .containsExactly(
                            "WARN slow request op=write totalMs=100.0 queuedMs=10.0 persistedMs=10.0 replicatedMs=70.0"
                                    + " appliedMs=5.0 repliedMs=5.0 bytes=700 connection=8 requests=1 leftOutBefore=0");
        }
    }

    @Test
    void slowRequestsAreLoggedTenTimesASecondAtMost() {
        RequestTimes read = RequestTimes.read(Op.READ, MS, 2 * MS);

        try (CapturedLog log = CapturedLog.of("kvd.slow")) {
            meter.answered(List.of(reply(0, read)), 500 * MS);
            meter.answered(List.of(reply(0, read), reply(0, read)), 501 * MS);
            meter.answered(List.of(reply(0, read)), 500 * MS + SlowRequestLog.PAUSE_NANOS);

            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().get(1)).contains("leftOutBefore=2");
        }
        assertThat(text()).contains("kvd_request_slow_total 4");
    }

    @Test
    void aFastRequestIsNotLogged() {
        try (CapturedLog log = CapturedLog.of("kvd.slow")) {
            meter.answered(List.of(reply(0, write(MS, MS, MS, MS))), 100 * MS - 1);

            assertThat(log.lines()).isEmpty();
        }
    }

    private static RequestTimes write(long taken, long persisted, long ready, long done) {
        return RequestTimes.persisted(taken, persisted).ready(ready).done(done);
    }

    private static TimedReply reply(long arrivedNanos, RequestTimes times) {
        return new TimedReply(
                new ClientReply(new RequestOrigin(8, 1, 700, arrivedNanos), Bytes.EMPTY), times);
    }

    private long count(String labels) {
        String line = "kvd_request_stage_seconds_bucket{" + labels + "} ";
        return text().lines()
                .filter(l -> l.startsWith(line))
                .mapToLong(l -> Long.parseLong(l.substring(line.length())))
                .sum();
    }

    private String text() {
        return PrometheusText.of(metrics);
    }
}
