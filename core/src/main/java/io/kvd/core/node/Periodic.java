package io.kvd.core.node;

/** What a replica does every so many ticks. Owned by the raft thread. */
final class Periodic {
    /** How late a passed deadline may be noticed. */
    private static final int DEADLINE_TICKS = 5;

    private static final int SESSION_SCAN_MS = 1000;

    private final int scanTicks;
    private long ticks;

    Periodic(NodeOptions options) {
        this.scanTicks = Math.max(1, SESSION_SCAN_MS / options.raft().tickMs());
    }

    void tick(Replica replica, long nowNanos, TurnOutput out) {
        ticks++;
        if (ticks % DEADLINE_TICKS == 0) {
            replica.expire(nowNanos, out);
        }
        if (ticks % scanTicks == 0 && replica.leads()) {
            out.work(new Work.Apply(new ApplyInput.ScanSessions(
                    replica.groupId(), replica.core().logTimeMs())));
        }
    }
}
