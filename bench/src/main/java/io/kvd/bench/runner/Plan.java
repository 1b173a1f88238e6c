package io.kvd.bench.runner;

import io.kvd.bench.workload.Step;

import java.util.List;

/**
 * What every target goes through, in every round.
 *
 * @param steps those that only read come first
 * @param times how long things last, and how often they are done
 */
record Plan(List<Step> steps, Data data, Times times, long seed) {

    /** What the store is filled with before. */
    record Data(long keys, int valueBytes) {}

    /**
     * @param rounds in each of which every target has one turn, with servers started anew on empty directories
     * @param warmupSeconds before each step's measured iterations
     */
    record Times(int rounds, int warmupSeconds, int iterations, int iterationSeconds) {
        int stepSeconds() {
            return warmupSeconds + iterations * iterationSeconds;
        }
    }

    Plan {
        steps = List.copyOf(steps);
    }

    /** Of load alone, for all rounds of so many targets. */
    long seconds(int targets) {
        return (long) times.rounds() * targets * steps.size() * times.stepSeconds();
    }
}
