package io.kvd.simulator.run;

import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.node.NodeOptions;
import io.kvd.simulator.engine.Delay;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.judge.Judges.Strictness;
import io.kvd.simulator.plan.Knobs;
import io.kvd.simulator.plan.Plan;
import io.kvd.simulator.plan.Programme;
import io.kvd.simulator.plan.Step;
import io.kvd.simulator.world.Pace;
import io.kvd.simulator.world.SessionKnobs;
import io.kvd.simulator.world.StoreFactory;
import io.kvd.simulator.world.Violation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The workload that the simulator's speed is measured with: five nodes that are well, fifty operations a second. */
public final class SpeedBenchmark {
    private static final int NODES = 5;
    private static final int CLIENTS = 5;
    private static final int KEYS = 100;
    private static final long SECOND = 1_000_000_000;
    /** Of each client: ten operations a second. */
    private static final long THINK_NANOS = SECOND / 10;

    private SpeedBenchmark() {}

    /**
     * Runs it once.
     *
     * @return what came of it; how long it took the caller measures
     * @throws Violation if anything is wrong
     */
    public static RunResult run(long simulatedSeconds, Strictness strictness) {
        Knobs knobs = new Knobs(
                NODES,
                CLIENTS,
                KEYS,
                SessionKnobs.USUAL,
                NodeOptions.DEFAULT,
                Pace.USUAL,
                Delay.between(50_000, 500_000),
                simulatedSeconds * SECOND);
        List<Programme> programmes = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            programmes.add(programme(simulatedSeconds, new SplittableRandom(i)));
        }
        Plan plan = new Plan(1, knobs, List.of(), programmes);
        RunResult result = new Simulator(seed -> StoreFactory.IN_MEMORY, strictness)
                .run(plan, EventTrace.unread());
        for (Violation violation : result.violations()) {
            throw violation;
        }
        return result;
    }

    // Half writes, half reads.
    private static Programme programme(long simulatedSeconds, SplittableRandom random) {
        List<Step> steps = new ArrayList<>();
        for (long at = 0; at < simulatedSeconds * SECOND; at += THINK_NANOS) {
            steps.add(new Step(
                    THINK_NANOS,
                    random.nextBoolean() ? Step.Kind.PUT : Step.Kind.GET,
                    random.nextInt(KEYS),
                    1,
                    100,
                    5_000,
                    WriteMode.SESSION));
        }
        return new Programme(1, steps);
    }
}
