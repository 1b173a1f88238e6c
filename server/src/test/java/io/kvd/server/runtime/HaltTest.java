package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.server.CapturedLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class HaltTest {
    private final List<String> steps = new ArrayList<>();
    private final Halt halt = new Halt(() -> steps.add("flush"), code -> steps.add("end " + code));

    @Test
    void saysInOneLineWhatFailedAndWhatToDoThenEnds() {
        StorageException failure = new StorageException(
                Kind.NO_SPACE, "writing log batch to data/log", new IOException("disk full"));

        try (CapturedLog log = CapturedLog.of(Halt.class)) {
            halt.because("raft", failure);

            assertThat(log.lines())
                    .containsExactly(
                            "ERROR stopped: no space left on the device: writing log batch to data/log:"
                                    + " disk full; free some, then start again with the same command line: what was"
                                    + " acknowledged is kept thread=raft exit=13");
        }
        assertThat(steps).containsExactly("flush", "end 13");
    }

    @Test
    void onlyTheFirstReasonCounts() {
        try (CapturedLog log = CapturedLog.of(Halt.class)) {
            halt.because("raft", new InvariantViolation("commit went back"));
            halt.because("apply", ExitCode.STUCK, "later");

            assertThat(log.lines()).singleElement().asString().contains("commit went back");
        }
        assertThat(steps).containsExactly("flush", "end 15");
    }

    @Test
    @Timeout(30)
    void endsEvenIfNobodyTakesTheLog() {
        CountDownLatch never = new CountDownLatch(1);
        Halt stuck = new Halt(
                () -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                code -> steps.add("end " + code));

        try (CapturedLog log = CapturedLog.of(Halt.class)) {
            stuck.because("watchdog", ExitCode.STUCK, "raft made no turn");

            // Stops that another test began may reach their bound meanwhile.
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("raft made no turn"))
                    .hasSize(1);
        }
        assertThat(steps).containsExactly("end 14");
        never.countDown();
    }
}
