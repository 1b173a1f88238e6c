package io.kvd.simulator.run;

import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.RaftOptions;
import io.kvd.simulator.engine.Delay;
import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.plan.Knobs;
import io.kvd.simulator.plan.Plan;
import io.kvd.simulator.plan.Programme;
import io.kvd.simulator.plan.Step;
import io.kvd.simulator.world.Pace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Makes a failing plan smaller for as long as it breaks the same invariant: fewer faults (delta debugging, Zeller
 * 2002), fewer clients and steps, fewer nodes, usual knobs, a shorter run. What a smaller plan draws while it runs
 * differs, so a candidate may pass by luck: it is dropped then, never believed.
 */
public final class Shrinker {
    private static final int[] NODE_COUNTS = {1, 2, 3, 5};

    private final Oracle oracle;
    private final String invariant;
    private final BooleanSupplier mayGoOn;
    private Plan smallest;
    private long tried;

    /** Carries out plans. */
    @FunctionalInterface
    public interface Oracle {
        /** What the plan breaks, and when. */
        Optional<Breach> breachOf(Plan plan);
    }

    /**
     * @param invariant the broken one's name
     * @param atNanos virtual time of the breach
     */
    public record Breach(String invariant, long atNanos) {}

    /**
     * @param failing breaks {@code invariant}
     * @param mayGoOn asked before each try
     */
    public Shrinker(Plan failing, String invariant, Oracle oracle, BooleanSupplier mayGoOn) {
        this.smallest = failing;
        this.invariant = invariant;
        this.oracle = oracle;
        this.mayGoOn = mayGoOn;
    }

    /** Plans that were carried out. */
    public long tried() {
        return tried;
    }

    /** The smallest plan found that breaks the invariant. */
    public Plan shrink() {
        cutAtTheBreach();
        shrinkFaults();
        shrinkClients();
        shrinkNodes();
        shrinkKnobs();
        shrinkFaults();
        cutAtTheBreach();
        return smallest;
    }

    private boolean keepIfItBreaks(Plan candidate) {
        if (!mayGoOn.getAsBoolean()) {
            return false;
        }
        tried++;
        boolean breaks = oracle.breachOf(candidate)
                .map(breach -> breach.invariant().equals(invariant))
                .orElse(false);
        smallest = breaks ? candidate : smallest;
        return breaks;
    }

    // Nothing that was planned for later can have a part in it.
    private void cutAtTheBreach() {
        Optional<Breach> breach =
                mayGoOn.getAsBoolean() ? oracle.breachOf(smallest) : Optional.empty();
        if (breach.isEmpty()) {
            return;
        }
        long end = breach.get().atNanos();
        if (end < smallest.knobs().safetyNanos()) {
            keepIfItBreaks(smallest.withKnobs(smallest.knobs().withSafetyNanos(end + 1))
                    .withFaults(smallest.faults().stream()
                            .filter(fault -> fault.atNanos() <= end)
                            .toList()));
        }
    }

    private void shrinkFaults() {
        if (!smallest.faults().isEmpty() && keepIfItBreaks(smallest.withFaults(List.of()))) {
            return;
        }
        int parts = 2;
        while (smallest.faults().size() > 1 && parts <= smallest.faults().size()) {
            parts = removeOneOf(parts) ? Math.max(2, parts - 1) : next(parts);
            if (!mayGoOn.getAsBoolean()) {
                return;
            }
        }
    }

    private int next(int parts) {
        int faults = smallest.faults().size();
        return parts == faults ? faults + 1 : Math.min(faults, 2 * parts);
    }

    private boolean removeOneOf(int parts) {
        List<Fault> all = smallest.faults();
        for (int part = 0; part < parts; part++) {
            int from = all.size() * part / parts;
            int to = all.size() * (part + 1) / parts;
            if (keepIfItBreaks(smallest.withFaults(without(all, from, to)))) {
                return true;
            }
        }
        return false;
    }

    private static <T> List<T> without(List<T> all, int from, int to) {
        List<T> rest = new ArrayList<>(all.subList(0, from));
        rest.addAll(all.subList(to, all.size()));
        return rest;
    }

    private void shrinkClients() {
        for (int i = 0; i < smallest.programmes().size(); i++) {
            if (!keepIfItBreaks(withSteps(i, List.of()))) {
                shrinkSteps(i);
            }
        }
    }

    // Steps are many: whole parts of them go or stay.
    private void shrinkSteps(int client) {
        for (int parts = 2; parts <= 16; parts *= 2) {
            for (int part = parts - 1; part >= 0; part--) {
                List<Step> steps = smallest.programmes().get(client).steps();
                int from = steps.size() * part / parts;
                int to = steps.size() * (part + 1) / parts;
                if (from < to) {
                    keepIfItBreaks(withSteps(client, without(steps, from, to)));
                }
            }
        }
    }

    private Plan withSteps(int client, List<Step> steps) {
        List<Programme> programmes = new ArrayList<>(smallest.programmes());
        programmes.set(client, new Programme(programmes.get(client).width(), steps));
        return smallest.withProgrammes(programmes);
    }

    private void shrinkNodes() {
        for (int nodes : NODE_COUNTS) {
            if (nodes < smallest.knobs().nodes()
                    && keepIfItBreaks(smallest.withKnobs(smallest.knobs().withNodes(nodes)))) {
                return;
            }
        }
    }

    private void shrinkKnobs() {
        RaftOptions raft = RaftOptions.DEFAULT;
        NodeOptions node = NodeOptions.DEFAULT;
        tryKnobs(knobs -> knobs.withPace(Pace.USUAL));
        tryKnobs(knobs -> knobs.withDelay(Delay.between(50_000, 1_000_000)));
        tryKnobs(knobs -> knobs.withNode(node.withRaft(knobs.node().raft())));
        tryKnobs(knobs -> knobs.withNode(knobs.node().withSnapshots(node.snapshots())));
        tryRaft(own -> new RaftOptions(
                own.tickMs(),
                own.heartbeatTicks(),
                own.electionTicks(),
                raft.maxAppendBytes(),
                raft.maxInflightAppends(),
                raft.maxInflightBytes(),
                raft.maxUncommittedBytes(),
                own.maxTailBytes(),
                own.maxApplyBytes(),
                own.maxPendingReads(),
                own.lateAnswerTicks()));
        tryRaft(own -> new RaftOptions(
                own.tickMs(),
                own.heartbeatTicks(),
                own.electionTicks(),
                own.maxAppendBytes(),
                own.maxInflightAppends(),
                own.maxInflightBytes(),
                own.maxUncommittedBytes(),
                raft.maxTailBytes(),
                raft.maxApplyBytes(),
                raft.maxPendingReads(),
                own.lateAnswerTicks()));
        tryRaft(own -> own.withLateAnswerTicks(0));
    }

    private void tryRaft(UnaryOperator<RaftOptions> simpler) {
        tryKnobs(knobs ->
                knobs.withNode(knobs.node().withRaft(simpler.apply(knobs.node().raft()))));
    }

    private void tryKnobs(UnaryOperator<Knobs> simpler) {
        Knobs candidate = simpler.apply(smallest.knobs());
        if (!candidate.equals(smallest.knobs())) {
            keepIfItBreaks(smallest.withKnobs(candidate));
        }
    }
}
