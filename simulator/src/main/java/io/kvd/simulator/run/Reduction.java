package io.kvd.simulator.run;

import io.kvd.core.base.Check;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.plan.Plan;
import io.kvd.simulator.world.Violation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A failure made small: what is left of its plan, as a test in Java and as a diagram.
 *
 * @param files their contents by name
 */
public record Reduction(List<String> summary, Map<String, String> files) {

    /**
     * Shrinks the failed run's plan.
     *
     * @param mayGoOn asked before each try; once it says no, the smallest plan so far is taken
     */
    public static Reduction of(RunResult failed, Simulator simulator, BooleanSupplier mayGoOn) {
        Check.that(!failed.passed(), "seed %d did not fail", failed.seed());
        String invariant = failed.violations().get(0).invariant();
        Plan whole = Plan.of(failed.seed());
        Shrinker shrinker =
                new Shrinker(whole, invariant, plan -> breachOf(simulator, plan), mayGoOn);
        Plan smallest = shrinker.shrink();
        List<String> summary = List.of(String.format(
                Locale.ROOT,
                "  reduced    %d faults to %d, %d steps to %d, %d nodes to %d, %.1f s to %.1f s, in %d tries",
                whole.faults().size(),
                smallest.faults().size(),
                steps(whole),
                steps(smallest),
                whole.knobs().nodes(),
                smallest.knobs().nodes(),
                whole.knobs().safetyNanos() / 1e9,
                smallest.knobs().safetyNanos() / 1e9,
                shrinker.tried()));
        Map<String, String> files = new TreeMap<>();
        files.put(
                ScenarioSource.className(smallest) + ".java",
                ScenarioSource.of(smallest, invariant));
        files.put("seed-" + failed.seed() + ".txt", diagram(simulator, smallest));
        return new Reduction(summary, files);
    }

    private static Optional<Shrinker.Breach> breachOf(Simulator simulator, Plan plan) {
        RunResult result = simulator.run(plan, EventTrace.unread());
        return result.violations().stream()
                .findFirst()
                .map(v -> new Shrinker.Breach(v.invariant(), result.simulatedNanos()));
    }

    private static long steps(Plan plan) {
        return plan.programmes().stream().mapToLong(p -> p.steps().size()).sum();
    }

    private static String diagram(Simulator simulator, Plan plan) {
        List<SequenceDiagram> diagrams = new ArrayList<>();
        RunResult result = simulator.run(plan, world -> {
            SequenceDiagram diagram = new SequenceDiagram(world);
            diagrams.add(diagram);
            return diagram;
        });
        StringBuilder text = new StringBuilder();
        plan.faults().forEach(fault -> text.append(fault).append('\n'));
        diagrams.get(0).lines().forEach(line -> text.append(line).append('\n'));
        for (Violation violation : result.violations()) {
            text.append(violation.invariant())
                    .append(": ")
                    .append(violation.getMessage())
                    .append('\n');
        }
        return text.toString();
    }
}
