package io.kvd.simulator.run;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.engine.Streams;
import io.kvd.simulator.judge.Judge;
import io.kvd.simulator.judge.Judges;
import io.kvd.simulator.plan.Plan;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.StoreFactory;
import io.kvd.simulator.world.Violation;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Carries out one plan: faults and clients together, then {@link Recovery}, then what is judged at the end. */
final class SeedRun {
    private final Plan plan;
    private final StoreFactory stores;
    private final Judges.Strictness strictness;

    SeedRun(Plan plan, StoreFactory stores, Judges.Strictness strictness) {
        this.plan = plan;
        this.stores = stores;
        this.strictness = strictness;
    }

    RunResult run(EventTrace trace, Function<World, Observer> observer) {
        try (World world = new World(plan.knobs().world(stores), new Streams(plan.seed()), trace)) {
            OperationCount operations = new OperationCount();
            world.addObserver(observer.apply(world));
            Judges judges = Judges.of(world, strictness);
            List<Violation> found = new ArrayList<>();
            try {
                carryOut(world, operations);
                judges.atTheEnd(world);
            } catch (Violation violation) {
                found.add(violation);
            } catch (RuntimeException | AssertionError wrong) {
                found.add(new Violation("the simulator itself holds", wrong.toString(), wrong));
            }
            return new RunResult(
                    plan.seed(),
                    world.nowNanos(),
                    trace.eventCount(),
                    trace.hash(),
                    world.tally(),
                    operations.ended(),
                    judged(judges),
                    found);
        }
    }

    private static RunResult.Judged judged(Judges judges) {
        long checks = 0;
        for (Judge judge : judges.all()) {
            checks += judge.checks();
        }
        return new RunResult.Judged(
                judges.all().size(),
                checks,
                judges.undecided(),
                judges.coverage(),
                judges.traffic(),
                judges.history());
    }

    private void carryOut(World world, OperationCount operations) {
        FaultSchedule faults = new FaultSchedule(world, plan.faults());
        faults.begin();
        world.startAll();
        List<ClientDriver> drivers = new ArrayList<>();
        for (int i = 0; i < world.clients().size(); i++) {
            ClientDriver driver = new ClientDriver(
                    world, world.clients().get(i), plan.programmes().get(i), operations);
            drivers.add(driver);
            driver.begin();
        }
        world.runFor(plan.knobs().safetyNanos() / 1_000_000);
        faults.stop();
        drivers.forEach(ClientDriver::stop);
        new Recovery(world, plan.knobs(), drivers).run();
    }
}
