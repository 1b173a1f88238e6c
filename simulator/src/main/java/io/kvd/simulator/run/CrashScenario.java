package io.kvd.simulator.run;

import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.client.ClientOptions;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.node.SnapshotOptions;
import io.kvd.core.raft.RaftOptions;
import io.kvd.simulator.engine.Delay;
import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.plan.Knobs;
import io.kvd.simulator.plan.Plan;
import io.kvd.simulator.plan.Programme;
import io.kvd.simulator.plan.Step;
import io.kvd.simulator.plan.Step.Kind;
import io.kvd.simulator.world.Pace;
import io.kvd.simulator.world.SessionKnobs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A short story of a small cluster, always the same, in which a node may be killed anywhere.
 *
 * @param name as on the command line
 * @param plan what happens without a crash
 */
record CrashScenario(String name, Plan plan) {
    /** Decides the small irregularities: delays, timeouts, jitter. */
    private static final long SEED = 1;

    private static final int KEYS = 3;
    private static final int TICK_MS = 10;
    private static final int HEARTBEAT_TICKS = 8;
    private static final int ELECTION_TICKS = 20;
    private static final int FLUSH_AFTER_BYTES = 300;
    private static final int TAIL_BYTES = 150;
    private static final int CHUNK_BYTES = 500;
    private static final int SHORT_SESSION_MS = 1_000;
    private static final int VALUE_BYTES = 60;
    private static final int TIMEOUT_MS = 4_000;

    private CrashScenario(
            String name, Setting setting, List<Fault> faults, Programme... programmes) {
        this(name, new Plan(SEED, setting.knobs(programmes.length), faults, List.of(programmes)));
    }

    /** All that there are. */
    static List<CrashScenario> all() {
        return Stream.of(alone(), together(), disturbed()).flatMap(List::stream).toList();
    }

    /** @throws IllegalArgumentException there is none of that name */
    static CrashScenario named(String name) {
        for (CrashScenario scenario : all()) {
            if (scenario.name().equals(name)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException("'%s' is none of the scenarios %s"
                .formatted(
                        name,
                        all().stream().map(CrashScenario::name).collect(Collectors.joining(", "))));
    }

    private static List<CrashScenario> alone() {
        return List.of(
                // State is flushed and the log is cut again and again.
                new CrashScenario(
                        "alone",
                        Setting.of(1, 900).cutting(0),
                        List.of(),
                        steps(1, 10),
                        steps(2, 6)),
                // It is killed, and applies again what was not flushed.
                new CrashScenario(
                        "replay-alone",
                        Setting.of(1, 1_100),
                        List.of(ofLeader(FaultKind.CRASH, 600, 40)),
                        steps(1, 12)),
                // It stops gracefully, and starts again.
                new CrashScenario(
                        "stop-alone",
                        Setting.of(1, 1_100).cutting(0),
                        List.of(ofLeader(FaultKind.RESTART, 500, 50)),
                        steps(2, 10)),
                // A client is silent for so long that its session ends.
                new CrashScenario(
                        "expiry",
                        Setting.of(1, 3_000).cutting(0).forgettingSessions(),
                        List.of(new Fault(
                                FaultKind.CLIENT_PAUSE, nanos(400), nanos(2_000), 1, 0, 1)),
                        steps(1, 10)));
    }

    private static List<CrashScenario> together() {
        return List.of(
                // Three directories become a cluster.
                new CrashScenario("birth", Setting.of(3, 900), List.of(), steps(1, 2)),
                // State is flushed and the log is cut again and again.
                new CrashScenario(
                        "three",
                        Setting.of(3, 1_000).cutting(TAIL_BYTES),
                        List.of(),
                        steps(1, 6),
                        steps(2, 4)),
                // Leadership changes hands while a client writes.
                new CrashScenario(
                        "hand-over",
                        Setting.of(3, 1_100),
                        List.of(
                                ofLeader(FaultKind.TRANSFER, 500, 0),
                                ofLeader(FaultKind.TRANSFER, 700, 0)),
                        steps(2, 10)),
                // The leader stops gracefully: hands over, flushes, ends; then starts again.
                new CrashScenario(
                        "stop",
                        Setting.of(3, 1_300),
                        List.of(ofLeader(FaultKind.RESTART, 500, 100)),
                        steps(2, 10)));
    }

    private static List<CrashScenario> disturbed() {
        return List.of(
                // All are killed at once, and apply again what was not flushed.
                new CrashScenario(
                        "replay",
                        Setting.of(3, 1_300),
                        List.of(ofLeader(FaultKind.CRASH_ALL, 600, 60)),
                        steps(1, 10)),
                // A leader that nobody hears takes writes, then learns of the next one.
                new CrashScenario(
                        "conflict",
                        Setting.of(3, 2_200).readingLogs(),
                        List.of(ofLeader(FaultKind.CLOG, 500, 1_000)),
                        steps(4, 12),
                        steps(4, 12)),
                // A follower was away, and needs what the leader has on disk only.
                new CrashScenario(
                        "catch-up",
                        Setting.of(3, 1_500).readingLogs().cutting(TAIL_BYTES),
                        List.of(new Fault(FaultKind.CRASH, nanos(400), nanos(400), 3, 0, 1)),
                        steps(1, 12)),
                // A follower was away, and needs what nobody's log has: it is sent the state.
                new CrashScenario(
                        "install",
                        Setting.of(3, 2_000).cutting(0).retainingNothing(),
                        List.of(new Fault(FaultKind.CRASH, nanos(400), nanos(400), 3, 0, 1)),
                        steps(1, 12)));
    }

    @Override
    public String toString() {
        return name;
    }

    /** @param lastsMs until recovery begins */
    private record Setting(int nodes, NodeOptions node, long sessionTtlMs, long lastsMs) {
        static Setting of(int nodes, long lastsMs) {
            RaftOptions raft = RaftOptions.DEFAULT
                    .withElectionTicks(ELECTION_TICKS)
                    .withHeartbeatTicks(HEARTBEAT_TICKS);
            NodeOptions node = NodeOptions.DEFAULT.withRaft(raft);
            return new Setting(nodes, node, ClientOptions.DEFAULT_SESSION_TTL_MS, lastsMs);
        }

        /** The state is flushed after every few entries, and the log keeps so much behind that. */
        Setting cutting(int tailBytes) {
            return with(node.withLog(FLUSH_AFTER_BYTES, tailBytes, node.logRetainBytes()));
        }

        /** The log is kept for nobody, and snapshots go in small pieces. */
        Setting retainingNothing() {
            return with(node.withLog(node.flushAfterBytes(), 0, 0)
                    .withSnapshots(new SnapshotOptions(1 << 20, CHUNK_BYTES, 2 * CHUNK_BYTES)));
        }

        /** No persisted entry stays in memory. */
        Setting readingLogs() {
            RaftOptions raft = node.raft();
            RaftOptions forgetful = new RaftOptions(
                    TICK_MS,
                    raft.heartbeatTicks(),
                    raft.electionTicks(),
                    raft.maxAppendBytes(),
                    raft.maxInflightAppends(),
                    raft.maxInflightBytes(),
                    raft.maxUncommittedBytes(),
                    1,
                    raft.maxApplyBytes(),
                    raft.maxPendingReads());
            return with(node.withRaft(forgetful));
        }

        Setting forgettingSessions() {
            return new Setting(nodes, node, SHORT_SESSION_MS, lastsMs);
        }

        private Setting with(NodeOptions other) {
            return new Setting(nodes, other, sessionTtlMs, lastsMs);
        }

        Knobs knobs(int clients) {
            return new Knobs(
                    nodes,
                    clients,
                    KEYS,
                    SessionKnobs.of(sessionTtlMs),
                    node,
                    Pace.USUAL,
                    Delay.between(50_000, 500_000),
                    nanos(lastsMs));
        }
    }

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }

    private static Fault ofLeader(FaultKind kind, long atMs, long lastsMs) {
        return new Fault(kind, nanos(atMs), nanos(lastsMs), Fault.THE_LEADER, 0, 1);
    }

    // Writes of every kind, and reads between them.
    private static Programme steps(int width, int count) {
        Kind[] kinds = {
            Kind.PUT, Kind.SWAP, Kind.GET, Kind.CREATE, Kind.PUT, Kind.DELETE, Kind.PUT, Kind.RANGE
        };
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(new Step(
                    nanos(40),
                    kinds[i % kinds.length],
                    i % KEYS,
                    KEYS,
                    VALUE_BYTES,
                    TIMEOUT_MS,
                    WriteMode.SESSION));
        }
        return new Programme(width, steps);
    }
}
