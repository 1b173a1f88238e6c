package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A state's age is counted from a moment of the member's own clock that came before a confirmed round. */
class FreshnessTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LIFE = 7;
    /** What the clock shows at the beginning of the life: anything, as System.nanoTime does. */
    private static final long ORIGIN = -123 * SECOND;

    private final Freshness freshness = new Freshness(LIFE, 10);

    FreshnessTest() {
        at(0);
    }

    @Test
    void nothingIsKnownAtTheBeginningOfALife() {
        freshness.moment();

        assertThat(freshness.asOf()).isEmpty();
        assertThat(freshness.until(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void ageIsCountedFromWhatWasSaidHoweverLongItTookToBeConfirmed() {
        Moment said = freshness.moment();
        at(4);

        freshness.confirmed(said, 10);

        assertThat(freshness.asOf()).hasValue(ORIGIN);
        assertThat(freshness.until(3 * SECOND)).isEmpty();
        assertThat(freshness.until(5 * SECOND)).hasValue(ORIGIN + 5 * SECOND);
    }

    @Test
    void aPauseMakesTheStateOld() {
        freshness.confirmed(freshness.moment(), 10);
        assertThat(freshness.until(SECOND)).isPresent();

        at(60);

        assertThat(freshness.until(SECOND)).isEmpty();
    }

    @Test
    void aStateThatLacksEntriesIsNotAsYoungAsTheLeaders() {
        freshness.confirmed(freshness.moment(), 10);
        at(5);

        freshness.confirmed(freshness.moment(), 12);

        assertThat(freshness.asOf()).hasValue(ORIGIN);
        freshness.applied(11);
        assertThat(freshness.asOf()).hasValue(ORIGIN);
        freshness.applied(12);
        assertThat(freshness.asOf()).hasValue(ORIGIN + 5 * SECOND);
    }

    @Test
    void whatAnEarlierLifeSaidIsNotConfirmedToThisOne() {
        freshness.moment();

        freshness.confirmed(new Moment(LIFE - 1, 0), 10);

        assertThat(freshness.asOf()).isEmpty();
    }

    @Test
    void whatWasNeverSaidIsNotConfirmed() {
        freshness.moment();
        at(5);

        freshness.confirmed(new Moment(LIFE, SECOND), 10);

        assertThat(freshness.asOf()).isEmpty();
    }

    @Test
    void whatComesLateOrTwiceMakesNothingOlder() {
        Moment first = freshness.moment();
        at(1);
        Moment second = freshness.moment();
        freshness.confirmed(second, 10);

        freshness.confirmed(first, 10);
        freshness.confirmed(second, 99);

        assertThat(freshness.asOf()).hasValue(ORIGIN + SECOND);
    }

    @Test
    void aYoungerMomentAtALowerIndexCountsAsSoonAsThatIsApplied() {
        freshness.confirmed(freshness.moment(), 20);
        at(1);
        freshness.confirmed(freshness.moment(), 15);

        freshness.applied(15);

        assertThat(freshness.asOf()).hasValue(ORIGIN + SECOND);
    }

    @Test
    void whoLagsFarBehindKeepsFewMomentsAndTheNewest() {
        for (int second = 1; second <= 1_000; second++) {
            at(second);
            freshness.confirmed(freshness.moment(), 10 + second);
        }

        freshness.applied(20);
        assertThat(freshness.asOf()).hasValue(ORIGIN + 10 * SECOND);
        freshness.applied(1_010);
        assertThat(freshness.asOf()).hasValue(ORIGIN + 1_000 * SECOND);
    }

    @Test
    void aClockThatWasNeverToldSaysNothing() {
        Freshness timeless = new Freshness(LIFE, 10);

        assertThat(timeless.moment()).isEqualTo(Moment.NONE);
    }

    private void at(long second) {
        freshness.advanceTo(ORIGIN + second * SECOND);
    }
}
