package io.kvd.simulator.run;

import io.kvd.core.base.Check;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.world.Door;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Kills each node of a {@link CrashScenario} at each of its door calls, before, within and after it, then once more at
 * the door calls of the life that follows; all judges look on, and the cluster must recover. One thread.
 */
public final class CrashEnumeration {
    /** Of so many failures the last events are told. */
    private static final int TOLD_IN_FULL = 3;

    private final Simulator simulator;
    private final Extent extent;
    private final Consumer<String> out;
    private final Map<Door, Integer> points = new EnumMap<>(Door.class);
    private final List<String> failed = new ArrayList<>();
    private long scenarios;
    private long runs;
    private long undecided;
    private long traceHash;
    /** Trials with one crash, and with two, run or left out. */
    private long once;

    private long again;
    private long runsOnce;
    private long runsAgain;

    /**
     * How many of the trials are run. Equal from run to run.
     *
     * @param onceEvery one in so many of those with one crash
     * @param againEvery of those that begin with one of them, one in so many of those with a second crash
     * @param againCalls the second crash is at one of the first so many door calls of the next life
     */
    public record Extent(int onceEvery, int againEvery, int againCalls) {
        /** Every first crash, and about as many trials with a second one. */
        public static final Extent USUAL = new Extent(1, 59, 12);

        /** What a build has time for. */
        public static final Extent SAMPLE = new Extent(17, 151, 12);

        public Extent {
            Check.that(
                    onceEvery > 0 && againEvery > 0 && againCalls >= 0,
                    "one in %d, one in %d, %d calls",
                    onceEvery,
                    againEvery,
                    againCalls);
        }
    }

    /** @param out is told of every scenario that is done and of failures, line by line */
    public CrashEnumeration(Simulator simulator, Extent extent, Consumer<String> out) {
        this.simulator = simulator;
        this.extent = extent;
        this.out = out;
    }

    /**
     * Runs what the command line names.
     *
     * @param what a scenario's name, all of them ({@code all}), or one trial as a failure names it
     * @param trace of the one trial, else nothing is traced
     * @throws IllegalArgumentException there is none of that name
     */
    public void run(String what, EventTrace trace) {
        if (what.equals("all")) {
            runAll();
            return;
        }
        CrashTrial trial = CrashTrial.parse(what);
        if (trial.points().isEmpty() && !trace.isRead()) {
            run(trial.scenario());
        } else {
            outcome(trial, "one run", trace);
        }
    }

    /** Runs every scenario. */
    void runAll() {
        for (CrashScenario scenario : CrashScenario.all()) {
            run(scenario);
        }
    }

    /** Runs the scenario without a crash, then with one or two, as far as the extent says. */
    void run(CrashScenario scenario) {
        CrashTrial calm = new CrashTrial(scenario, List.of());
        CrashTrial.Outcome outcome = outcome(calm, "no crash");
        long onceBefore = runsOnce;
        long againBefore = runsAgain;
        int count = 0;
        if (outcome.result().passed()) {
            for (Map.Entry<Long, List<Door>> node : outcome.calls().entrySet()) {
                count += node.getValue().size();
                node.getValue().forEach(door -> points.merge(door, 1, Integer::sum));
                crashOnce(calm, node.getKey(), node.getValue());
            }
        }
        scenarios++;
        out.accept("%-18s %d points, %d runs with one crash, %d with two"
                .formatted(scenario, count, runsOnce - onceBefore, runsAgain - againBefore));
    }

    private void crashOnce(CrashTrial calm, long nodeId, List<Door> calls) {
        for (int call = 1; call <= calls.size(); call++) {
            for (CrashPoint.Moment moment : CrashPoint.Moment.values()) {
                if (once++ % extent.onceEvery() == 0) {
                    CrashTrial trial = calm.then(new CrashPoint(nodeId, call, moment));
                    String where = calls.get(call - 1).toString();
                    runsOnce++;
                    CrashTrial.Outcome outcome = outcome(trial, where);
                    crashAgain(trial, where, outcome.calls().getOrDefault(nodeId, List.of()));
                }
            }
        }
    }

    private void crashAgain(CrashTrial first, String where, List<Door> calls) {
        long nodeId = first.points().get(0).nodeId();
        for (int call = 1; call <= Math.min(calls.size(), extent.againCalls()); call++) {
            for (CrashPoint.Moment moment : CrashPoint.Moment.values()) {
                if (again++ % extent.againEvery() == 0) {
                    CrashTrial trial = first.then(new CrashPoint(nodeId, call, moment));
                    runsAgain++;
                    outcome(trial, where + ", then " + calls.get(call - 1));
                }
            }
        }
    }

    private CrashTrial.Outcome outcome(CrashTrial trial, String where) {
        return outcome(trial, where, EventTrace.unread());
    }

    private CrashTrial.Outcome outcome(CrashTrial trial, String where, EventTrace trace) {
        CrashTrial.Outcome outcome = trial.run(simulator, trace);
        RunResult result = outcome.result();
        runs++;
        traceHash = Long.rotateLeft(traceHash, 1) ^ result.traceHash();
        undecided += result.judged().undecided();
        if (!result.passed()) {
            failed.add(trial.toString());
            tell(trial, where, result);
        }
        return outcome;
    }

    private void tell(CrashTrial trial, String where, RunResult result) {
        String what = trial + " (" + where + ")";
        if (failed.size() <= TOLD_IN_FULL) {
            FailureReport.of(
                            what,
                            result,
                            trace -> trial.run(simulator, trace).result(),
                            "kvd simulate --crash-points " + trial + " --trace")
                    .forEach(out);
        } else {
            out.accept("FAILED " + what + ": " + result.violations().get(0).invariant());
        }
    }

    /** The trials that failed, as on the command line. */
    public List<String> failed() {
        return List.copyOf(failed);
    }

    /** How many histories it took too long to decide. */
    public long undecided() {
        return undecided;
    }

    /** How many points there are at such a door, in the scenarios that were run. */
    public int pointsAt(Door door) {
        return points.getOrDefault(door, 0);
    }

    /** A table of all of it. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add("%-18s %d".formatted("scenarios", scenarios));
        String byDoor = points.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        int sum = points.values().stream().mapToInt(Integer::intValue).sum();
        lines.add("%-18s %d%s".formatted("points", sum, byDoor.isEmpty() ? "" : ": " + byDoor));
        lines.add("%-18s %d: %d of %d with one crash, %d of %d with two"
                .formatted("runs", runs, runsOnce, once, runsAgain, again));
        lines.add("%-18s %d, of which %d took too long to decide"
                .formatted("histories", runs, undecided));
        lines.add("%-18s %s".formatted("failed", failed.isEmpty() ? "none" : failed));
        lines.add("%-18s %016x".formatted("trace hash", traceHash));
        return lines;
    }
}
