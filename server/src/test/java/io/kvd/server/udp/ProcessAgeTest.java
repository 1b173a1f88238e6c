package io.kvd.server.udp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessAgeTest {
    private static final String STAT =
            "4711 (a (java) b) S 1 4711 4711 0 -1 4194304 1 0 0 0 2 1 0 0 20 0 9 0 123456 1 2 3";

    @Test
    void ageIsFromTheStartOfTheProcessToNow() {
        assertThat(ProcessAge.nanos(STAT, "1235.81 99.00")).isEqualTo(1_250_000_000L);
    }

    @Test
    void systemThatTellsSomethingElseIsTakenForOneThatTellsNothing() {
        assertThat(ProcessAge.nanos("", "")).isZero();
        assertThat(ProcessAge.nanos(STAT, "soon")).isZero();
        assertThat(ProcessAge.nanos(STAT, "1.00 1.00")).as("before its start").isZero();
    }
}
