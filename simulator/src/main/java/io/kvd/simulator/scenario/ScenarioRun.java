package io.kvd.simulator.scenario;

import java.util.SplittableRandom;

/** Plays a scenario in virtual time, on the production loops. The same seed gives the same result. */
public final class ScenarioRun {
    private ScenarioRun() {}

    public static ScenarioResult of(Scenario scenario, Links links, long seed) {
        return new ScenarioWorld(scenario, links, new SplittableRandom(seed)).play(seed);
    }
}
