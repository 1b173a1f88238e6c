package io.kvd.server.net;

import io.kvd.core.base.Check;
import io.kvd.core.codec.Wire;
import io.kvd.core.kv.RequestLimits;
import io.kvd.core.raft.EntryFormat;

/**
 * The bounds of the network side.
 *
 * @param threads event loops; {@link #defaultThreads}
 * @param requests as the handshake tells them to clients; {@link NetDoors#validator} keeps them
 */
public record NetOptions(
        int threads,
        ConnectionLimits connections,
        RequestLimits requests,
        Budget budget,
        Timeouts timeouts,
        PeerLimits peers) {

    public static final NetOptions DEFAULT = new NetOptions(
            1,
            ConnectionLimits.DEFAULT,
            RequestLimits.DEFAULTS,
            Budget.DEFAULT,
            Timeouts.DEFAULT,
            PeerLimits.DEFAULT);

    public NetOptions {
        Check.that(threads > 0, "threads %d", threads);
        Check.that(
                requests.maxRequestBytes() <= EntryFormat.MAX_PAYLOAD_BYTES,
                "requests of %d bytes",
                requests.maxRequestBytes());
        Check.that(
                budget.totalBytes() > Admission.OVERHEAD_BYTES,
                "a budget of %d bytes",
                budget.totalBytes());
    }

    /** The largest frame of a client that is taken in: what can never fit into the budget is too large, not busy. */
    int maxClientFrameBytes() {
        return (int) Math.min(
                requests.maxRequestBytes() + Wire.CLIENT_FRAME_SLACK_BYTES,
                budget.totalBytes() - Admission.OVERHEAD_BYTES);
    }

    /** One event loop saturates its core with either of our two loops; more only where there are cores for them. */
    public static int defaultThreads(int cores) {
        return cores <= 2 ? 1 : Math.max(2, cores / 4);
    }

    /**
     * How many may be connected.
     *
     * @param maxClients clients with a place; see {@link ClientConnections}
     * @param maxPerAddress those among them that come from one address
     * @param maxPending connections that have not said who they are; when there are more the oldest is closed, so a
     *     flood of silent ones does not lock out those that speak
     * @param maxOutboundBytes answers waiting for a client that does not read; beyond it the connection is closed
     */
    public record ConnectionLimits(
            int maxClients, int maxPerAddress, int maxPending, int maxOutboundBytes) {
        public static final ConnectionLimits DEFAULT =
                new ConnectionLimits(4096, 2048, 256, 64 << 20);
    }

    /**
     * What admission may hold, in bytes, from decode to reply.
     *
     * @param totalBytes for all connections
     * @param reserveBytes on top, for what keeps sessions alive and operators seeing when all else is refused
     * @param connectionBytes one connection's share: beyond it the connection is not read until answers left
     */
    public record Budget(long totalBytes, long reserveBytes, int connectionBytes) {
        public static final Budget DEFAULT = new Budget(64 << 20, 1 << 20, 8 << 20);
    }

    /**
     * Durations in milliseconds.
     *
     * @param handshakeMs from accept or connect to the end of the handshake
     * @param frameMs from a frame's first byte to its last
     * @param writeMs without progress of what is being written
     * @param requestMs a request's deadline when the client names none
     * @param maxRequestMs the longest a client may name
     * @param busyRetryMs what BUSY tells a client to wait
     */
    public record Timeouts(
            int handshakeMs,
            int frameMs,
            int writeMs,
            int requestMs,
            int maxRequestMs,
            int busyRetryMs) {
        public static final Timeouts DEFAULT =
                new Timeouts(5_000, 30_000, 30_000, 10_000, 600_000, 50);
    }

    /**
     * One member's link.
     *
     * @param bulkBytes entries on their way to a peer and not yet with its kernel; beyond it AppendEntries with
     *     entries are dropped. Not below what Raft keeps in flight for one follower
     * @param reserveBytes on top, for everything else: heartbeats, votes and answers pass when bulk is stuck
     * @param connectMs how long one attempt to connect may take
     * @param minBackoffMs the first pause between attempts
     * @param maxBackoffMs the longest
     */
    public record PeerLimits(
            int bulkBytes, int reserveBytes, int connectMs, int minBackoffMs, int maxBackoffMs) {
        public static final PeerLimits DEFAULT =
                new PeerLimits(16 << 20, 1 << 20, 2_000, 20, 1_000);
    }
}
