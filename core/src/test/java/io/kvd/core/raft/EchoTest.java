package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A member hears again only what it said before a round began that a quorum confirmed (thesis §6.4). */
class EchoTest {
    private final Echo echo = new Echo();

    @Test
    void whatWasSaidAfterTheRoundBeganIsNotConfirmedByIt() {
        echo.said(new Moment(1, 10));
        echo.roundBegun(5);
        echo.said(new Moment(1, 20));

        echo.roundsConfirmed(5);

        assertThat(echo.confirmed()).isEqualTo(new Moment(1, 10));
        echo.roundBegun(6);
        echo.roundsConfirmed(6);
        assertThat(echo.confirmed()).isEqualTo(new Moment(1, 20));
    }

    @Test
    void anEarlierRoundConfirmsNothingOfALaterOne() {
        echo.said(new Moment(1, 10));
        echo.roundBegun(5);

        echo.roundsConfirmed(4);

        assertThat(echo.confirmed()).isEqualTo(Moment.NONE);
    }

    @Test
    void roundsWithoutAnswersKeepNothingWaiting() {
        echo.said(new Moment(1, 10));
        for (int round = 1; round <= 100; round++) {
            echo.roundBegun(round);
            echo.said(new Moment(1, 10 + round));
        }

        echo.roundsConfirmed(1);

        assertThat(echo.confirmed()).isEqualTo(new Moment(1, 10));
    }

    @Test
    void aMemberThatBeganAnewIsToldOfItsNewLife() {
        echo.said(new Moment(1, 1_000));
        echo.said(new Moment(2, 5));
        echo.said(new Moment(1, 2_000));
        echo.roundBegun(1);

        echo.roundsConfirmed(1);

        assertThat(echo.confirmed()).isEqualTo(new Moment(2, 5));
    }
}
