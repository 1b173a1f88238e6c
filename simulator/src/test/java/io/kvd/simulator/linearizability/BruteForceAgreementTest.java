package io.kvd.simulator.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.linearizability.SimulatedClients.Kind;
import io.kvd.simulator.linearizability.SimulatedClients.Workload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** On tiny histories the judge says what the definition says. The seed is printed with a failure. */
class BruteForceAgreementTest {
    private static final Verdict YES = new Verdict.Linearizable();

    /** Histories of a kind, and how many. */
    private record Family(String name, int count, Workload workload) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Family> families() {
        List<Kind> register = List.of(Kind.GET, Kind.PUT);
        List<Kind> single = List.of(Kind.GET, Kind.GET, Kind.PUT, Kind.DELETE, Kind.CAS_VALUE);
        List<Kind> all = List.of(
                Kind.GET,
                Kind.GET,
                Kind.PUT,
                Kind.DELETE,
                Kind.CAS_VALUE,
                Kind.CAS_REVISION,
                Kind.APPEND);
        List<Kind> deletes = List.of(Kind.GET, Kind.GET, Kind.PUT, Kind.DELETE);
        List<Kind> whole = List.of(
                Kind.GET,
                Kind.PUT,
                Kind.DELETE,
                Kind.RANGE,
                Kind.RANGE,
                Kind.BATCH,
                Kind.CAS_REVISION);
        List<Kind> wholeUntold =
                List.of(Kind.GET, Kind.PUT, Kind.DELETE, Kind.RANGE, Kind.BATCH, Kind.APPEND);
        return Stream.of(
                new Family("register", 2_000, new Workload(4, 7, 1, 3, 0.3, false, register)),
                new Family("told register", 2_000, new Workload(4, 7, 1, 2, 0.3, true, register)),
                new Family("one key", 2_500, new Workload(4, 7, 1, 2, 0.3, false, single)),
                new Family("one key, told", 3_000, new Workload(4, 7, 1, 2, 0.3, true, all)),
                new Family("unique", 1_500, new Workload(4, 7, 1, 0, 0.4, true, all)),
                new Family(
                        "append",
                        1_000,
                        new Workload(4, 7, 1, 2, 0.3, false, List.of(Kind.APPEND, Kind.GET))),
                new Family("two keys, told", 700, new Workload(4, 7, 2, 2, 0.3, true, all)),
                new Family(
                        "three keys, told, unique",
                        200,
                        new Workload(3, 7, 3, 0, 0.4, true, deletes)),
                new Family("two keys", 1_000, new Workload(4, 7, 2, 2, 0.3, false, single)),
                new Family("ranges, batches", 2_500, new Workload(4, 7, 2, 2, 0.3, true, whole)),
                new Family(
                        "ranges, batches, untold",
                        1_500,
                        new Workload(4, 7, 2, 2, 0.4, false, wholeUntold)));
    }

    @ParameterizedTest
    @MethodSource("families")
    void judgeSaysWhatTheDefinitionSays(Family family) {
        LinearizabilityChecker checker = new LinearizabilityChecker(Budget.DEFAULT);
        int good = 0;
        int judged = 0;
        for (long seed = 1; seed <= family.count(); seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Invocation> history = SimulatedClients.run(family.workload(), random);
            Noise noise = new Noise(random);
            for (int i = random.nextInt(3); i > 0 && !history.isEmpty(); i--) {
                history = noise.disturb(history);
            }
            judged++;
            boolean expected = BruteForce.isLinearizable(history);
            good += expected ? 1 : 0;
            assertThat(checker.check(history).equals(YES))
                    .as("%s, seed %d: %s", family, seed, history)
                    .isEqualTo(expected);
        }
        // Else it would agree about one thing only.
        assertThat(judged).isGreaterThan(family.count() / 2);
        assertThat(good).isBetween(judged / 5, judged * 19 / 20);
    }

    @Test
    void definitionAcceptsWhatOneCopyDid() {
        families().forEach(family -> {
            for (long seed = 1; seed <= 100; seed++) {
                assertThat(BruteForce.isLinearizable(SimulatedClients.run(
                                family.workload(), new SplittableRandom(seed))))
                        .as("%s, seed %d", family, seed)
                        .isTrue();
            }
        });
    }
}
