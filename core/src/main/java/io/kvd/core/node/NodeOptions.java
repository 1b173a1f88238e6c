package io.kvd.core.node;

import io.kvd.core.base.Check;
import io.kvd.core.raft.RaftOptions;

/**
 * The bounds of one node's loops.
 *
 * @param flushAfterBytes log applied since the last flush began after which the state is flushed: what a restart
 *     applies again is at most about this much
 * @param logTailBytes log kept behind the flushed index, so that a follower that is a little behind is served
 * @param logRetainBytes log kept for members that lack it, at least logTailBytes; who lacks more gets a snapshot
 * @param snapshots how they are transferred
 * @param rowCacheBytes heap for what a write has to know of the row that it replaces, of those written last
 * @param defaultTimeoutMs deadline of a request that names none
 * @param stopTicks how long a graceful stop may take to hand over leadership and answer what is in flight
 * @param answers to reads, made and on their way
 */
public record NodeOptions(
        RaftOptions raft,
        long flushAfterBytes,
        long logTailBytes,
        long logRetainBytes,
        SnapshotOptions snapshots,
        long rowCacheBytes,
        long defaultTimeoutMs,
        int stopTicks,
        AnswerLimits answers) {
    public static final NodeOptions DEFAULT = new NodeOptions(
            RaftOptions.DEFAULT,
            16 << 20,
            16 << 20,
            256 << 20,
            SnapshotOptions.DEFAULT,
            64 << 20,
            10_000,
            300,
            AnswerLimits.DEFAULT);

    public NodeOptions withRaft(RaftOptions other) {
        return new NodeOptions(
                other,
                flushAfterBytes,
                logTailBytes,
                logRetainBytes,
                snapshots,
                rowCacheBytes,
                defaultTimeoutMs,
                stopTicks,
                answers);
    }

    /** With other bounds of the log. */
    public NodeOptions withLog(long flushAfter, long tail, long retain) {
        return new NodeOptions(
                raft,
                flushAfter,
                tail,
                retain,
                snapshots,
                rowCacheBytes,
                defaultTimeoutMs,
                stopTicks,
                answers);
    }

    public NodeOptions withSnapshots(SnapshotOptions other) {
        return new NodeOptions(
                raft,
                flushAfterBytes,
                logTailBytes,
                logRetainBytes,
                other,
                rowCacheBytes,
                defaultTimeoutMs,
                stopTicks,
                answers);
    }

    public NodeOptions withRowCache(long bytes) {
        return new NodeOptions(
                raft,
                flushAfterBytes,
                logTailBytes,
                logRetainBytes,
                snapshots,
                bytes,
                defaultTimeoutMs,
                stopTicks,
                answers);
    }

    public NodeOptions withStopTicks(int ticks) {
        return new NodeOptions(
                raft,
                flushAfterBytes,
                logTailBytes,
                logRetainBytes,
                snapshots,
                rowCacheBytes,
                defaultTimeoutMs,
                ticks,
                answers);
    }

    public NodeOptions withAnswers(AnswerLimits other) {
        return new NodeOptions(
                raft,
                flushAfterBytes,
                logTailBytes,
                logRetainBytes,
                snapshots,
                rowCacheBytes,
                defaultTimeoutMs,
                stopTicks,
                other);
    }

    public NodeOptions {
        Check.that(
                logRetainBytes >= logTailBytes,
                "log of %d bytes retained, tail of %d",
                logRetainBytes,
                logTailBytes);
    }
}
