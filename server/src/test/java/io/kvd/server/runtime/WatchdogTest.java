package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.server.CapturedLog;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class WatchdogTest {
    private final AtomicLong turns = new AtomicLong();
    private final List<Integer> ended = new ArrayList<>();
    private final Halt halt = new Halt(() -> {}, ended::add);

    @Test
    void endsAProcessWhoseLoopDoesNotTurnAndDumpsItsThreads() {
        try (Watchdog watchdog = new Watchdog("raft", turns::get, halt);
                CapturedLog dump = CapturedLog.of(Watchdog.class);
                CapturedLog line = CapturedLog.of(Halt.class)) {
            look(watchdog, Watchdog.MAX_LOOKS_WITHOUT_TURN);
            assertThat(ended).isEmpty();

            look(watchdog, 1);

            assertThat(ended).containsExactly(14);
            assertThat(dump.lines()).singleElement().asString().contains("\"main\"", "    at ");
            assertThat(line.lines())
                    .singleElement()
                    .asString()
                    .contains("raft made no turn in 60 s");
        }
    }

    @Test
    void startsCountingAnewAfterATurn() {
        try (Watchdog watchdog = new Watchdog("raft", turns::get, halt)) {
            look(watchdog, Watchdog.MAX_LOOKS_WITHOUT_TURN);
            turns.incrementAndGet();
            look(watchdog, Watchdog.MAX_LOOKS_WITHOUT_TURN);

            assertThat(ended).isEmpty();
        }
    }

    private static void look(Watchdog watchdog, int times) {
        for (int i = 0; i < times; i++) {
            watchdog.look();
        }
    }
}
