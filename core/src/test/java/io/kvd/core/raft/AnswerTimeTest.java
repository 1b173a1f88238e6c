package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerTimeTest {
    private static final int MIN = 3;
    private final AnswerTime time = new AnswerTime(MIN);

    @Test
    void quickAnswersMakeNoneLateBeforeTheLeast() {
        for (int i = 0; i < 100; i++) {
            time.took(i % 2);
        }

        assertThat(time.lateTicks()).isEqualTo(MIN);
    }

    // Else every message over a slow link would be sent twice.
    @Test
    void answersAreNotLateThatTakeAsLongAsUsual() {
        for (int i = 0; i < 100; i++) {
            time.took(6 + i % 3);
        }

        assertThat(time.lateTicks()).isBetween(8L, 5L * MIN);
    }

    // While everything is sent again before its answer can come, no answer is known to be of the
    // first message.
    @Test
    void answersTooManyMakeRoomForTheFirstOne() {
        time.unexpected();
        time.unexpected();

        assertThat(time.lateTicks()).isGreaterThan(2 * MIN);
        for (int i = 0; i < 30; i++) {
            time.took(1);
        }
        assertThat(time.lateTicks()).as("forgotten in time").isEqualTo(MIN);
    }

    @Test
    void noAnswerIsWaitedForLongerThanFiveTimesTheLeast() {
        for (int i = 0; i < 100; i++) {
            time.took(1_000);
            time.unexpected();
        }

        assertThat(time.lateTicks()).isEqualTo(5L * MIN);
    }
}
