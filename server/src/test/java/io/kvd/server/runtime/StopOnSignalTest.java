package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.server.CapturedLog;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class StopOnSignalTest {
    private final CapturedLog haltLog = CapturedLog.of(Halt.class);
    private final AtomicInteger requests = new AtomicInteger();
    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
    private final Halt halt = new Halt(() -> {}, ended::add);

    @AfterEach
    void close() {
        haltLog.close();
    }

    @Test
    void firstSignalAsksAndSecondEnds() {
        StopOnSignal stop = new StopOnSignal(requests::incrementAndGet, halt, Duration.ofDays(1));

        stop.signalled("SIGTERM");
        assertThat(requests).hasValue(1);
        assertThat(ended).isEmpty();

        stop.signalled("SIGINT");
        stop.signalled("SIGINT");
        assertThat(requests).hasValue(1);
        assertThat(ended).containsExactly(1);
        assertThat(haltLog.lines())
                .singleElement()
                .asString()
                .contains("asked twice")
                .contains("SIGINT");
    }

    @Test
    void stopThatTakesTooLongIsEnded() throws InterruptedException {
        StopOnSignal stop =
                new StopOnSignal(requests::incrementAndGet, halt, Duration.ofMillis(10));

        stop.signalled("SIGTERM");

        assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(haltLog.lines()).singleElement().asString().contains("took more than 10 ms");
    }
}
