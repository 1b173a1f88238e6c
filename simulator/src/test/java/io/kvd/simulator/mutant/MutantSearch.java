package io.kvd.simulator.mutant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Looks for seeds that kill a mutant: several times, each time from other seeds on, to see how long it takes. */
final class MutantSearch {
    /** Seeds of one search are this far from those of the next. */
    private static final long STRIDE = 1_000_000;

    private final long firstSeed;
    private final int searches;
    private final int maxSeeds;

    /**
     * @param firstSeed where the first search begins
     * @param maxSeeds after so many in vain a search gives up
     */
    MutantSearch(long firstSeed, int searches, int maxSeeds) {
        this.firstSeed = firstSeed;
        this.searches = searches;
        this.maxSeeds = maxSeeds;
    }

    /**
     * What came of the searches for one mutant.
     *
     * @param killers the killing seed of each search that found one
     * @param seeds how many each of these needed, ascending
     * @param judges how often which invariant was found violated
     * @param inVain searches that gave up
     */
    record Found(
            Mutant mutant,
            List<Long> killers,
            List<Integer> seeds,
            Map<String, Integer> judges,
            int inVain) {

        boolean always() {
            return inVain == 0;
        }

        /** How many seeds a search needs; more than the bound counts as infinitely many. */
        String median() {
            int middle = (seeds.size() + inVain - 1) / 2;
            return middle < seeds.size() ? String.valueOf(seeds.get(middle)) : "none found";
        }

        String judge() {
            List<Map.Entry<String, Integer>> byCount = new ArrayList<>(judges.entrySet());
            byCount.sort(Map.Entry.<String, Integer>comparingByValue().reversed());
            return byCount.isEmpty() ? "" : byCount.get(0).getKey();
        }

        /** A row of the table in docs/simulator.md. */
        String row() {
            return "| %s | %s | %s | %s |"
                    .formatted(mutant.title(), mutant.source(), judge(), median());
        }
    }

    Found look(Mutant mutant, MutantRun run) {
        List<Long> killers = new ArrayList<>();
        List<Integer> seeds = new ArrayList<>();
        Map<String, Integer> judges = new TreeMap<>();
        for (int search = 0; search < searches; search++) {
            long start = firstSeed + search * STRIDE;
            for (int i = 0; i < maxSeeds; i++) {
                MutantRun.Verdict verdict = run.run(start + i);
                if (verdict.isKilled()) {
                    killers.add(start + i);
                    seeds.add(i + 1);
                    judges.merge(verdict.invariant(), 1, Integer::sum);
                    break;
                }
            }
        }
        Collections.sort(seeds);
        return new Found(mutant, killers, seeds, judges, searches - killers.size());
    }
}
