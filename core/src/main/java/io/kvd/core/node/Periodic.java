package io.kvd.core.node;

/** What a replica does every so many ticks. Owned by the raft thread. */
final class Periodic {
    /** How late a passed deadline may be noticed. */
    private static final int DEADLINE_TICKS = 5;

    private static final int HOUSEKEEPING_MS = 1000;

    private final int housekeepingTicks;
    private long ticks;

    Periodic(NodeOptions options) {
        this.housekeepingTicks = Math.max(1, HOUSEKEEPING_MS / options.raft().tickMs());
    }

    void tick(Replica replica, long nowNanos, TurnOutput out) {
        ticks++;
        if (ticks % DEADLINE_TICKS == 0) {
            replica.expire(nowNanos, out);
        }
        if (ticks % housekeepingTicks == 0) {
            // What members have can grow without anything being applied here.
            replica.trim(out);
            replica.snapshots().retireAgain(out);
            scanSessions(replica, out);
        }
    }

    private static void scanSessions(Replica replica, TurnOutput out) {
        if (replica.leads()) {
            out.work(new Work.Apply(new ApplyInput.ScanSessions(
                    replica.groupId(), replica.core().logTimeMs())));
        }
    }
}
