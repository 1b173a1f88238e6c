package io.kvd.simulator.scenario;

import java.util.SplittableRandom;

/** Plays a scenario in virtual time, on the production loops. The same seed gives the same result. */
public final class ScenarioRun {
    private ScenarioRun() {}

    public static ScenarioResult of(Scenario scenario, long seed) {
        ScenarioTally tally = new ScenarioTally();
        new ScenarioWorld(scenario, new SplittableRandom(seed), tally).run();
        return tally.judge(scenario, seed);
    }
}
