package io.kvd.simulator.mutant;

import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** A mutant that is compiled and loaded, to be run with any number of seeds. One thread. */
final class MutantRun {
    private final LongFunction<List<String>> trial;

    /** What a seed showed. */
    record Verdict(String invariant, String sentence) {
        static final Verdict SURVIVED = new Verdict("", "");

        boolean isKilled() {
            return !invariant.isEmpty();
        }
    }

    /** @param classes the mutated ones, by name */
    MutantRun(Map<String, byte[]> classes) {
        trial = trialIn(new MutantLoader(classes));
    }

    @SuppressWarnings("unchecked") // What SeedTrial declares.
    private static LongFunction<List<String>> trialIn(ClassLoader loader) {
        try {
            return (LongFunction<List<String>>) loader.loadClass(SeedTrial.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the simulator can't be loaded twice", e);
        }
    }

    Verdict run(long seed) {
        List<String> found = trial.apply(seed);
        return found.isEmpty() ? Verdict.SURVIVED : new Verdict(found.get(0), found.get(1));
    }
}
