package io.kvd.simulator.run;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.judge.Judges;
import io.kvd.simulator.plan.Plan;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.StoreFactory;
import io.kvd.simulator.world.World;

import java.util.function.Function;
import java.util.function.LongFunction;

/** Carries out seeds. The same seed, on the same program, gives the same run. One thread. */
public final class Simulator {
    private static final Observer NOBODY = new Observer() {};

    private final LongFunction<StoreFactory> stores;
    private final Judges.Strictness strictness;

    /** @param stores by seed: where its nodes keep their data */
    public Simulator(LongFunction<StoreFactory> stores, Judges.Strictness strictness) {
        this.stores = stores;
        this.strictness = strictness;
    }

    /** Everything in memory, and all judges. */
    public static Simulator inMemory() {
        return new Simulator(seed -> StoreFactory.IN_MEMORY, Judges.Strictness.ALL);
    }

    public RunResult run(long seed, EventTrace trace) {
        return run(Plan.of(seed), trace);
    }

    public RunResult run(Plan plan, EventTrace trace) {
        return seedRun(plan).run(trace, world -> NOBODY);
    }

    /**
     * Carries out the plan under one more pair of eyes.
     *
     * @param observer makes it, for the world that is about to run
     */
    public RunResult run(Plan plan, Function<World, Observer> observer) {
        return run(plan, EventTrace.unread(), observer);
    }

    RunResult run(Plan plan, EventTrace trace, Function<World, Observer> observer) {
        return seedRun(plan).run(trace, observer);
    }

    private SeedRun seedRun(Plan plan) {
        return new SeedRun(plan, stores.apply(plan.seed()), strictness);
    }
}
