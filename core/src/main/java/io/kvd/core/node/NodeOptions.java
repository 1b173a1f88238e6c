package io.kvd.core.node;

import io.kvd.core.raft.RaftOptions;

/**
 * The bounds of one node's loops.
 *
 * @param flushAfterBytes log applied since the last flush began after which the state is flushed: what a restart
 *     applies again is at most about this much
 * @param logTailBytes log kept behind the flushed index, so that a follower that is a little behind is served
 * @param defaultTimeoutMs deadline of a request that names none
 * @param stopTicks how long a graceful stop may take to hand over leadership and answer what is in flight
 */
public record NodeOptions(
        RaftOptions raft,
        long flushAfterBytes,
        long logTailBytes,
        long defaultTimeoutMs,
        int stopTicks) {
    public static final NodeOptions DEFAULT =
            new NodeOptions(RaftOptions.DEFAULT, 16 << 20, 16 << 20, 10_000, 300);
}
