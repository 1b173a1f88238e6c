package io.kvd.simulator.plan;

import io.kvd.core.base.Check;
import io.kvd.core.node.AnswerLimits;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.node.SnapshotOptions;
import io.kvd.core.raft.RaftOptions;
import io.kvd.simulator.engine.Delay;
import io.kvd.simulator.world.Pace;
import io.kvd.simulator.world.SessionKnobs;
import io.kvd.simulator.world.StoreFactory;
import io.kvd.simulator.world.WorldOptions;

import java.util.SplittableRandom;

/**
 * The options of one run, extreme ones as likely as usual ones: bounds of one byte, windows of one message, election
 * timeouts of three ticks.
 *
 * @param safetyNanos how long faults happen
 */
public record Knobs(
        int nodes,
        int clients,
        int keys,
        SessionKnobs sessions,
        NodeOptions node,
        Pace pace,
        Delay delay,
        long safetyNanos) {
    private static final long MILLI = 1_000_000;
    private static final int[] NODES = {1, 1, 2, 3, 3, 3, 3, 3, 3, 4, 5, 5, 5, 5, 5, 6, 7};
    private static final int[] ELECTION_TICKS = {3, 5, 10, 10, 20, 20, 50, 100};

    /** Faults happen for so many of the longest election timeouts, or these bounds. */
    private static final int SAFETY_TIMEOUTS = 40;

    /** A session shows a sign of life three times a TTL; one of them takes some delays; there are other writes. */
    private static final long ROUNDS_PER_TTL = 36;

    private static final long MIN_SAFETY_NANOS = 6_000 * MILLI;
    private static final long MAX_SAFETY_NANOS = 40_000 * MILLI;
    /** For a few rows: some are known, and some have to be read. */
    private static final long ROW_CACHE_BYTES = 1_000;

    public Knobs {
        Check.that(nodes >= 1 && keys >= 1 && clients >= 0, "%d nodes, %d keys", nodes, keys);
    }

    public static Knobs draw(SplittableRandom random) {
        int electionTicks = ELECTION_TICKS[random.nextInt(ELECTION_TICKS.length)];
        RaftOptions raft = drawRaft(electionTicks, random);
        long minTimeoutNanos = (long) raft.electionTicks() * raft.tickMs() * MILLI;
        // What a round takes must fit into the shortest election timeout, or nobody could lead even
        // in calm times.
        long slowest = Math.max(20_000, random.nextLong(minTimeoutNanos / 24));
        Delay delay = new Delay(slowest / 20, slowest, minTimeoutNanos / 4, 500);
        Pace pace = new Pace(
                Delay.between(1_000, 1_000 + slowest / 10),
                new Delay(slowest / 10, slowest, minTimeoutNanos / 4, 300),
                new Delay(2_000, slowest, minTimeoutNanos, 100));
        long safety = 2 * SAFETY_TIMEOUTS * minTimeoutNanos;
        int nodes = NODES[random.nextInt(NODES.length)];
        int clients = 1 + random.nextInt(6);
        // Nor could anybody write if signs of life alone filled the smallest window.
        long minTtlMs = Math.max(1_000, clients * ROUNDS_PER_TTL * slowest / MILLI);
        return new Knobs(
                nodes,
                clients,
                1 + random.nextInt(random.nextBoolean() ? 3 : 30),
                drawSessions(minTtlMs, random),
                drawNode(raft, random),
                pace,
                delay,
                Math.max(MIN_SAFETY_NANOS, Math.min(MAX_SAFETY_NANOS, safety)));
    }

    // Every other run keeps some answers, or all, in rows of their own.
    private static SessionKnobs drawSessions(long minTtlMs, SplittableRandom random) {
        long ttlMs = random.nextBoolean() ? 60_000 : minTtlMs + random.nextInt(3_000);
        int inlineBytes = pick(random, SessionKnobs.USUAL.maxInlineBytes(), 0, 6, 10);
        return new SessionKnobs(ttlMs, inlineBytes);
    }

    private static RaftOptions drawRaft(int electionTicks, SplittableRandom random) {
        RaftOptions usual = RaftOptions.DEFAULT;
        int heartbeatTicks = 1 + random.nextInt(Math.max(1, Math.min(10, electionTicks / 3)));
        return new RaftOptions(
                usual.tickMs(),
                heartbeatTicks,
                electionTicks,
                pick(random, usual.maxAppendBytes(), 1, 300, 4_000),
                pick(random, usual.maxInflightAppends(), 1, 2, 5),
                pick(random, usual.maxInflightBytes(), 1, 500, 8_000),
                pick(random, (int) usual.maxUncommittedBytes(), 1, 1_000, 20_000),
                pick(random, (int) usual.maxTailBytes(), 1, 1_000, 20_000),
                pick(random, usual.maxApplyBytes(), 1, 500, 8_000),
                pick(random, usual.maxPendingReads(), 1, 3, 20),
                drawLateAnswerTicks(heartbeatTicks, random));
    }

    // A leader is thrifty in one run of four, if its heartbeats leave room for it.
    private static int drawLateAnswerTicks(int heartbeatTicks, SplittableRandom random) {
        boolean thrifty = random.nextInt(4) == 0 && heartbeatTicks > 1;
        return thrifty ? 1 + random.nextInt(heartbeatTicks - 1) : 0;
    }

    private static NodeOptions drawNode(RaftOptions raft, SplittableRandom random) {
        NodeOptions usual = NodeOptions.DEFAULT;
        int flushAfterBytes = pick(random, (int) usual.flushAfterBytes(), 1, 1_000, 20_000);
        int tailBytes = pick(random, (int) usual.logTailBytes(), 0, 1_000, 10_000);
        int stopTicks = pick(random, usual.stopTicks(), 2, 20, 100);
        // Beyond a short tail, a log is kept for nobody in every other run.
        int retainBytes = pick(random, (int) usual.logRetainBytes(), 0, 1_000, 5_000);
        return usual.withRaft(raft)
                .withLog(flushAfterBytes, tailBytes, Math.max(tailBytes, retainBytes))
                .withSnapshots(drawSnapshots(random))
                .withRowCache(ROW_CACHE_BYTES)
                .withStopTicks(stopTicks)
                .withAnswers(drawAnswers(random));
    }

    // Down to one answer at a time, or a small one beside it.
    private static AnswerLimits drawAnswers(SplittableRandom random) {
        AnswerLimits usual = AnswerLimits.DEFAULT;
        int largest = (int) usual.largestReserve();
        return new AnswerLimits(
                pick(random, (int) usual.totalBytes(), 1, largest, 3 * largest),
                usual.maxRowBytes());
    }

    private static SnapshotOptions drawSnapshots(SplittableRandom random) {
        SnapshotOptions usual = SnapshotOptions.DEFAULT;
        // Not so small that who needs one is not well in time.
        int chunkBytes = pick(random, usual.chunkBytes(), 500, 2_000, 8_000);
        return new SnapshotOptions(
                pick(random, (int) usual.bytesPerSecond(), 50_000, 200_000, 1_000_000),
                chunkBytes,
                chunkBytes * (1 + random.nextInt(4)));
    }

    private static int pick(SplittableRandom random, int usual, int... extremes) {
        return random.nextBoolean() ? usual : extremes[random.nextInt(extremes.length)];
    }

    /** The longest election timeout (Raft §5.2). */
    public long electionTimeoutNanos() {
        return 2L * node.raft().electionTicks() * node.raft().tickMs() * MILLI;
    }

    public WorldOptions world(StoreFactory stores) {
        return new WorldOptions(nodes, clients, sessions, node, pace, delay, stores);
    }

    // The same but for one.

    public Knobs withNodes(int fewer) {
        return new Knobs(fewer, clients, keys, sessions, node, pace, delay, safetyNanos);
    }

    public Knobs withNode(NodeOptions other) {
        return new Knobs(nodes, clients, keys, sessions, other, pace, delay, safetyNanos);
    }

    public Knobs withPace(Pace other) {
        return new Knobs(nodes, clients, keys, sessions, node, other, delay, safetyNanos);
    }

    public Knobs withDelay(Delay other) {
        return new Knobs(nodes, clients, keys, sessions, node, pace, other, safetyNanos);
    }

    public Knobs withSafetyNanos(long shorter) {
        return new Knobs(nodes, clients, keys, sessions, node, pace, delay, shorter);
    }
}
