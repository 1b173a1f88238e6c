package io.kvd.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeInput.SpaceLevel;
import io.kvd.core.raft.Fitness;
import io.kvd.core.raft.Fitness.Ability;

import org.junit.jupiter.api.Test;

class HealthTest {
    private static final int STUCK_TICKS = 10;

    private final Health health = new Health(STUCK_TICKS);

    @Test
    void nothingIsKnownBeforeTheFirstLookAtTheDisk() {
        assertThat(health.fitness()).isEqualTo(Fitness.UNKNOWN);
    }

    @Test
    void whoHasSpaceIsFitAndWhoHasNoneIsNot() {
        health.diskSpace(SpaceLevel.ENOUGH);
        Ability before = health.fitness().ability();
        health.diskSpace(SpaceLevel.LOW);

        assertThat(before).isEqualTo(Ability.FIT);
        assertThat(health.fitness().ability()).isEqualTo(Ability.UNFIT);
    }

    @Test
    void whoIsStoppingIsUnfitWhateverItsDiskHas() {
        health.stops();
        health.diskSpace(SpaceLevel.ENOUGH);

        assertThat(health.fitness().ability()).isEqualTo(Ability.UNFIT);
    }

    @Test
    void theMedianOfLogWritesIsToldOnceThereAreEnoughAndOneLongOneChangesNothing() {
        for (int i = 0; i < 14; i++) {
            health.wrote(200_000);
        }
        long tooFew = health.fitness().persistMicros();
        health.wrote(900_000_000);

        assertThat(tooFew).isZero();
        assertThat(health.fitness().persistMicros()).isEqualTo(200);
    }

    @Test
    void anApplyLoopThatStandsStillWithWorkIsUnfitAndOneThatGoesOnIsNot() {
        health.diskSpace(SpaceLevel.ENOUGH);
        health.applied(new Health.Progress(5, 9));
        for (int i = 1; i < STUCK_TICKS; i++) {
            health.applied(new Health.Progress(5, 9));
        }
        Ability almost = health.fitness().ability();
        health.applied(new Health.Progress(5, 9));
        Ability stuck = health.fitness().ability();
        health.applied(new Health.Progress(6, 9));

        assertThat(almost).isEqualTo(Ability.FIT);
        assertThat(stuck).isEqualTo(Ability.UNFIT);
        assertThat(health.fitness().ability()).isEqualTo(Ability.FIT);
    }

    @Test
    void whoHasNothingToApplyIsFit() {
        health.diskSpace(SpaceLevel.ENOUGH);
        for (int i = 0; i < 3 * STUCK_TICKS; i++) {
            health.applied(new Health.Progress(9, 9));
        }

        assertThat(health.fitness().ability()).isEqualTo(Ability.FIT);
    }
}
