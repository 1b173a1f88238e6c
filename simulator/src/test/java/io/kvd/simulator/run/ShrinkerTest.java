package io.kvd.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.plan.Plan;
import io.kvd.simulator.plan.Step;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** A failing plan becomes as small as the failure lets it. */
class ShrinkerTest {
    /** A seed whose plan has many faults of many kinds, and several clients. */
    private static final Plan LARGE = large();

    @Test
    void onlyTheFaultsThatItTakesAreLeft() {
        Fault first = LARGE.faults().get(LARGE.faults().size() / 3);
        Fault second = LARGE.faults().get(LARGE.faults().size() / 2);
        Shrinker shrinker =
                shrinker(plan -> plan.faults().contains(first) && plan.faults().contains(second));

        Plan smallest = shrinker.shrink();

        assertThat(smallest.faults()).containsExactly(first, second);
        assertThat(smallest.programmes())
                .allMatch(programme -> programme.steps().isEmpty());
        assertThat(smallest.knobs().nodes()).isEqualTo(1);
        assertThat(shrinker.tried()).isLessThan(500);
    }

    @Test
    void whatItTakesOfNodesAndClientsStays() {
        Plan smallest = shrinker(plan -> plan.knobs().nodes() >= 3
                        && plan.programmes().get(1).steps().stream()
                                .anyMatch(step -> step.kind() == Step.Kind.DELETE))
                .shrink();

        assertThat(smallest.faults()).isEmpty();
        assertThat(smallest.knobs().nodes()).isEqualTo(3);
        assertThat(smallest.programmes().get(0).steps()).isEmpty();
        assertThat(smallest.programmes().get(1).steps())
                .isNotEmpty()
                .hasSizeLessThan(LARGE.programmes().get(1).steps().size() / 8);
    }

    @Test
    void aFailureOfAnotherInvariantIsNotTheSame() {
        Shrinker shrinker = new Shrinker(
                LARGE,
                "this",
                plan -> Optional.of(new Shrinker.Breach(
                        plan.faults().size() < LARGE.faults().size() ? "other" : "this",
                        Long.MAX_VALUE)),
                () -> true);

        assertThat(shrinker.shrink().faults()).isEqualTo(LARGE.faults());
    }

    @Test
    void itEndsWhenItMustAndGivesWhatItHas() {
        Shrinker shrinker = new Shrinker(
                LARGE,
                "this",
                plan -> Optional.of(new Shrinker.Breach("this", Long.MAX_VALUE)),
                () -> false);

        assertThat(shrinker.shrink()).isEqualTo(LARGE);
        assertThat(shrinker.tried()).isZero();
    }

    @Test
    void theTestThatIsWrittenNamesAllOfThePlan() {
        Plan small = LARGE.withFaults(LARGE.faults().subList(0, 2));

        String source = ScenarioSource.of(small, "at most one leader a term");

        assertThat(source)
                .contains("class " + ScenarioSource.className(small) + " {")
                .contains("at most one leader a term")
                .contains("FaultKind." + small.faults().get(0).kind().name())
                .contains("new Knobs(" + small.knobs().nodes() + ", ");
    }

    private static Shrinker shrinker(java.util.function.Predicate<Plan> breaks) {
        return new Shrinker(
                LARGE,
                "this",
                plan -> breaks.test(plan)
                        ? Optional.of(new Shrinker.Breach("this", Long.MAX_VALUE))
                        : Optional.empty(),
                () -> true);
    }

    private static Plan large() {
        for (long seed = 1; ; seed++) {
            Plan plan = Plan.of(seed);
            List<FaultKind> kinds =
                    plan.faults().stream().map(Fault::kind).distinct().toList();
            boolean deletes = plan.programmes().size() > 2
                    && plan.programmes().get(1).steps().stream()
                            .anyMatch(step -> step.kind() == Step.Kind.DELETE);
            if (kinds.size() > 25 && deletes && plan.knobs().nodes() >= 5) {
                return plan;
            }
        }
    }
}
