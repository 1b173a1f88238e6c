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

import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a plan as a test in Java, so that what it found stays found when seeds come to mean something else. */
public final class ScenarioSource {
    private ScenarioSource() {}

    /** The name of the test's class. */
    public static String className(Plan plan) {
        return "Seed" + Long.toUnsignedString(plan.seed()) + "Test";
    }

    /** A whole file for the package {@code io.kvd.simulator.run} of the simulator's tests. */
    public static String of(Plan plan, String invariant) {
        String steps = plan.programmes().stream()
                .map(ScenarioSource::programme)
                .collect(Collectors.joining(",\n                "));
        String faults = plan.faults().stream()
                .map(ScenarioSource::fault)
                .collect(Collectors.joining(",\n                "));
        return """
                package io.kvd.simulator.run;

                import static org.assertj.core.api.Assertions.assertThat;

                import io.kvd.core.client.ClientCall.WriteMode;
                import io.kvd.core.node.NodeOptions;
                import io.kvd.core.raft.RaftOptions;
                import io.kvd.simulator.engine.Delay;
                import io.kvd.simulator.engine.EventTrace;
                import io.kvd.simulator.faults.Fault;
                import io.kvd.simulator.faults.FaultKind;
                import io.kvd.simulator.plan.Knobs;
                import io.kvd.simulator.plan.Plan;
                import io.kvd.simulator.plan.Programme;
                import io.kvd.simulator.plan.Step;
                import io.kvd.simulator.world.Pace;
                import io.kvd.simulator.world.SessionKnobs;

                import org.junit.jupiter.api.Test;

                import java.util.List;

                /** Broke "%s" when it was found, by seed %d. */
                class %s {
                    @Test
                    void passes() {
                        Knobs knobs = %s;
                        List<Fault> faults = List.of(
                                %s);
                        List<Programme> programmes = List.of(
                                %s);
                        Plan plan = new Plan(%dL, knobs, faults, programmes);

                        RunResult result = Simulator.inMemory().run(plan, EventTrace.unread());

                        assertThat(result.violations()).isEmpty();
                    }
                }
                """.formatted(
                        invariant,
                        plan.seed(),
                        className(plan),
                        knobs(plan.knobs()),
                        faults,
                        steps,
                        plan.seed());
    }

    private static String knobs(Knobs knobs) {
        return "new Knobs(%d, %d, %d, new SessionKnobs(%dL, %d),\n                %s,\n                %s,\n                %s,\n"
                        .formatted(
                                knobs.nodes(),
                                knobs.clients(),
                                knobs.keys(),
                                knobs.sessions().ttlMs(),
                                knobs.sessions().maxInlineBytes(),
                                node(knobs.node()),
                                pace(knobs.pace()),
                                delay(knobs.delay()))
                + "                " + knobs.safetyNanos() + "L)";
    }

    private static String node(NodeOptions node) {
        RaftOptions raft = node.raft();
        return "new NodeOptions(new RaftOptions(%d, %d, %d, %d, %d, %d, %dL, %dL, %d, %d, %d), %dL, %dL, %dL, new SnapshotOptions(%dL, %d, %d), %dL, %dL, %d)"
                .formatted(
                        raft.tickMs(),
                        raft.heartbeatTicks(),
                        raft.electionTicks(),
                        raft.maxAppendBytes(),
                        raft.maxInflightAppends(),
                        raft.maxInflightBytes(),
                        raft.maxUncommittedBytes(),
                        raft.maxTailBytes(),
                        raft.maxApplyBytes(),
                        raft.maxPendingReads(),
                        raft.lateAnswerTicks(),
                        node.flushAfterBytes(),
                        node.logTailBytes(),
                        node.logRetainBytes(),
                        node.snapshots().bytesPerSecond(),
                        node.snapshots().chunkBytes(),
                        node.snapshots().windowBytes(),
                        node.rowCacheBytes(),
                        node.defaultTimeoutMs(),
                        node.stopTicks());
    }

    private static String pace(Pace pace) {
        return "new Pace(%s, %s, %s)"
                .formatted(delay(pace.wake()), delay(pace.fsync()), delay(pace.work()));
    }

    private static String delay(Delay delay) {
        return "new Delay(%dL, %dL, %dL, %d)"
                .formatted(
                        delay.minNanos(), delay.maxNanos(), delay.tailNanos(), delay.oneInTail());
    }

    private static String fault(Fault fault) {
        return String.format(
                Locale.ROOT,
                "new Fault(FaultKind.%s, %dL, %dL, %d, %s, %dL)",
                fault.kind().name(),
                fault.atNanos(),
                fault.lastsNanos(),
                fault.target(),
                fault.rate(),
                fault.salt());
    }

    private static String programme(Programme programme) {
        String steps = programme.steps().stream()
                .map(ScenarioSource::step)
                .collect(Collectors.joining(",\n                        "));
        return "new Programme(%d, List.of(%s))".formatted(programme.width(), steps);
    }

    private static String step(Step step) {
        return "new Step(%dL, Step.Kind.%s, %d, %d, %d, %d, WriteMode.%s)"
                .formatted(
                        step.thinkNanos(),
                        step.kind().name(),
                        step.key(),
                        step.span(),
                        step.amount(),
                        step.timeoutMs(),
                        step.mode().name());
    }
}
