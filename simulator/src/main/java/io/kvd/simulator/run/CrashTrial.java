package io.kvd.simulator.run;

import io.kvd.core.base.Check;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.world.Door;
import io.kvd.simulator.world.Violation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A scenario, and where a node is killed in it.
 *
 * @param points none, one, or two: the second one is in the life after the first
 */
record CrashTrial(CrashScenario scenario, List<CrashPoint> points) {
    /** The same node may die so often in one trial. */
    private static final int MAX_POINTS = 2;

    CrashTrial {
        points = List.copyOf(points);
        Check.that(points.size() <= MAX_POINTS, "%d crashes", points.size());
    }

    /**
     * What came of it.
     *
     * @param calls the door calls of each node, in order, by node id: after the last crash, if there is one
     */
    record Outcome(RunResult result, Map<Long, List<Door>> calls) {}

    /**
     * Reads what {@link #toString} writes; a scenario's name alone is the one without a crash.
     *
     * @throws IllegalArgumentException it is none
     */
    static CrashTrial parse(String text) {
        String[] parts = text.split("@", 2);
        CrashScenario scenario = CrashScenario.named(parts[0]);
        List<CrashPoint> points = new ArrayList<>();
        if (parts.length > 1) {
            for (String point : parts[1].split(",", MAX_POINTS)) {
                points.add(CrashPoint.parse(point, scenario.plan().knobs().nodes()));
            }
        }
        return new CrashTrial(scenario, points);
    }

    /** The same, and one more crash. */
    CrashTrial then(CrashPoint next) {
        List<CrashPoint> more = new ArrayList<>(points);
        more.add(next);
        return new CrashTrial(scenario, more);
    }

    /** Carries it out; it fails also if one of its points is not come by. */
    Outcome run(Simulator simulator, EventTrace trace) {
        List<Crashes> made = new ArrayList<>();
        long endNanos = scenario.plan().knobs().safetyNanos();
        RunResult result = simulator.run(scenario.plan(), trace, world -> {
            made.add(new Crashes(world, points, endNanos));
            return made.get(0);
        });
        Crashes crashes = made.get(0);
        if (result.passed() && crashes.done() < points.size()) {
            result = result.with(new Violation(
                    "a node dies where it is told to",
                    "%s did not come about".formatted(points.get(crashes.done()))));
        }
        return new Outcome(result, crashes.calls());
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return scenario
                + (points.isEmpty() ? "" : "@")
                + points.stream().map(CrashPoint::toString).collect(Collectors.joining(","));
    }
}
