package io.kvd.simulator.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.mutant.MutantSearch.Found;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Every mutant dies of fresh seeds too, before long. Prints its row of the table in docs/simulator.md.
 *
 * <p>{@code -Dmutants.only=REGEX} searches for some of them, {@code -Dmutants.seed=S} from that seed on; {@code
 * -Dmutants.record} writes the seed that it finds first into the mutant's patch, {@code -Dmutants.searches=N} repeats
 * the search; {@code -Dmutants.max=N} gives up after so many seeds.
 */
@Tag("soak")
class MutantSearchTest {
    private static final int MAX_SEEDS = Integer.getInteger("mutants.max", 3_000);

    @ParameterizedTest
    @MethodSource("mutants")
    void everyMutantIsFound(Mutant mutant) throws IOException {
        long firstSeed =
                Long.getLong("mutants.seed", new SplittableRandom().nextLong(1_000_000_000_000L));
        MutantRun run = new MutantRun(new MutantCompiler(Mutants.root()).compile(mutant));

        Found found = new MutantSearch(
                        firstSeed, Integer.getInteger("mutants.searches", 1), MAX_SEEDS)
                .look(mutant, run);

        System.out.println(found.row());
        assertThat(found.always())
                .as("%s dies within %d seeds from %d", mutant, MAX_SEEDS, firstSeed)
                .isTrue();
        if (Boolean.getBoolean("mutants.record")) {
            record(mutant, found.killers().get(0));
        }
    }

    private static void record(Mutant mutant, long seed) throws IOException {
        Path file = Mutants.fileOf(mutant);
        Files.writeString(file, Mutant.withSeed(Files.readString(file), seed));
    }

    private static List<Mutant> mutants() {
        String only = System.getProperty("mutants.only", ".*");
        return Mutants.all().stream()
                .filter(mutant -> mutant.name().matches(only))
                .toList();
    }
}
