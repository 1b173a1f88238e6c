package io.kvd.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a get may return: linearizability of one register, as far as one client's puts tell. */
class KeyHistoryTest {
    private final KeyHistory history = new KeyHistory();

    @Test
    void getReturnsTheLastValuePutBeforeIt() {
        history.end(history.begin("a", 1), 2);
        history.end(history.begin("b", 3), 4);

        assertThat(history.mayReturn("b", 5, 6)).isTrue();
        assertThat(history.mayReturn("a", 5, 6)).as("overwritten").isFalse();
        assertThat(history.mayReturn("", 5, 6)).as("lost").isFalse();
        assertThat(history.mayReturn("c", 5, 6)).as("never put").isFalse();
    }

    @Test
    void putsAtTheSameTimeAreInAnyOrder() {
        KeyHistory.Put a = history.begin("a", 1);
        history.end(history.begin("b", 2), 3);
        history.end(a, 4);

        assertThat(history.mayReturn("a", 5, 6)).isTrue();
        assertThat(history.mayReturn("b", 5, 6)).isTrue();
    }

    @Test
    void getAtTheTimeOfAPutReturnsTheOldOrTheNewValue() {
        history.end(history.begin("a", 1), 2);
        KeyHistory.Put b = history.begin("b", 3);
        assertThat(history.mayReturn("a", 4, 7)).isTrue();
        history.end(b, 8);

        assertThat(history.mayReturn("b", 4, 9)).isTrue();
        assertThat(history.mayReturn("a", 7, 9)).isTrue();
        assertThat(history.mayReturn("a", 9, 10)).isFalse();
    }

    @Test
    void putThatWasNeverAnsweredMayTakeEffectAtAnyTime() {
        history.begin("late", 1);
        history.end(history.begin("b", 2), 3);

        assertThat(history.mayReturn("b", 4, 5)).isTrue();
        assertThat(history.mayReturn("late", 50, 60)).isTrue();
    }

    @Test
    void whatAGetReturnedIsNotUndoneForALaterOne() {
        history.end(history.begin("a", 1), 2);
        history.begin("b", 3);
        assertThat(history.mayReturn("b", 4, 5)).isTrue();

        assertThat(history.mayReturn("a", 4, 6)).as("at the same time").isTrue();
        assertThat(history.mayReturn("a", 6, 7)).as("after it").isFalse();
    }
}
