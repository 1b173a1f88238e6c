package io.kvd.simulator.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.mutant.MutantRun.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;

/**
 * The simulator finds every bug of a list, each on the seed that is recorded with it. A patch that does not apply any
 * more fails, and so does one whose bug survives: then look for another seed with {@link MutantSearchTest}. Patches
 * without a seed wait for one; docs/simulator.md names them.
 */
class MutantsTest {
    private static final int MIN_MUTANTS = 140;

    @ParameterizedTest
    @MethodSource("mutants")
    void theSimulatorKills(Mutant mutant) {
        long seed = mutant.seed().orElseThrow();
        MutantRun run = new MutantRun(new MutantCompiler(Mutants.root()).compile(mutant));

        Verdict verdict = run.run(seed);

        assertThat(verdict.isKilled()).as("%s dies of seed %d", mutant, seed).isTrue();
    }

    @Test
    void theProductSurvivesTheseSeeds() {
        MutantRun product = new MutantRun(Map.of());

        for (long seed : seeds()) {
            assertThat(product.run(seed)).as("seed %d", seed).isEqualTo(Verdict.SURVIVED);
        }
    }

    @Test
    void thereAreEnoughMutants() {
        assertThat(mutants()).hasSizeGreaterThanOrEqualTo(MIN_MUTANTS);
    }

    private static List<Mutant> mutants() {
        return Mutants.all().stream()
                .filter(mutant -> mutant.seed().isPresent())
                .toList();
    }

    private static List<Long> seeds() {
        return mutants().stream()
                .map(mutant -> mutant.seed().orElseThrow())
                .distinct()
                .sorted()
                .toList();
    }
}
