package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A snapshot up to entry 100, and rounds that may take up to 10 ticks (thesis §4.2.1). */
class CatchUpTest {
    private static final int MAX_ROUND_TICKS = 10;
    private static final CatchUp BEGUN = CatchUp.NONE.ordered(90, 80).made(100, 7_000);

    @Test
    void aMemberIsNotLevelBeforeItsLogHasTheSnapshot() {
        assertThat(cameTo(BEGUN, 99, 99, 5)).isEqualTo(BEGUN);
    }

    @Test
    void aMemberThatHasAllOfTheLogIsLevel() {
        assertThat(cameTo(BEGUN, 100, 100, 5)).isEqualTo(CatchUp.NONE);
    }

    @Test
    void aMemberIsLevelAfterARoundThatWasShort() {
        CatchUp first = cameTo(BEGUN, 100, 200, 5);
        assertThat(cameTo(first, 199, 250, 6)).isEqualTo(first);

        CatchUp second = cameTo(first, 200, 300, 15);
        assertThat(second.isUnderWay()).isTrue();

        assertThat(cameTo(second, 300, 320, 24)).isEqualTo(CatchUp.NONE);
    }

    @Test
    void onlySnapshotsThatTheLogsStartOvertookAreCounted() {
        assertThat(BEGUN.overtakenCount()).isZero();
        assertThat(BEGUN.ordered(150, 100).overtakenCount()).isZero();
        assertThat(BEGUN.ordered(150, 101).overtakenCount()).isEqualTo(1);
        assertThat(BEGUN.ordered(150, 101).ordered(250, 200).overtakenCount()).isEqualTo(2);
        assertThat(BEGUN.ordered(150, 101).snapshotBytes()).isEqualTo(7_000);
    }

    private static CatchUp cameTo(CatchUp catchUp, long matchIndex, long lastIndex, long tick) {
        return catchUp.cameTo(matchIndex, lastIndex, tick, MAX_ROUND_TICKS);
    }
}
