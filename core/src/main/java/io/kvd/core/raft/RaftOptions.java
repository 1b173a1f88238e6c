package io.kvd.core.raft;

import io.kvd.core.base.Check;

/**
 * The bounds of one replica.
 *
 * @param tickMs how long one tick lasts; log time advances by it
 * @param heartbeatTicks a leader that sent a peer nothing for so long sends a heartbeat
 * @param electionTicks minimum election timeout; each one is drawn anew from [this, 2 x this) (Raft
 *     §5.2)
 * @param maxAppendBytes entries in one AppendEntries; one larger entry still goes, alone
 * @param maxInflightAppends unanswered AppendEntries with entries a leader sends one follower ahead
 * @param maxInflightBytes their bytes
 * @param maxUncommittedBytes proposals above it are refused as BUSY
 * @param maxTailBytes log entries kept in memory once they are persisted
 * @param maxApplyBytes committed entries handed out for apply and not reported applied
 * @param maxPendingReads reads waiting for a round; more are refused
 * @param lateAnswerTicks 0 = a leader sends everything to all members at once. Else it is thrifty:
 *     entries and rounds that reads wait for go to a bare quorum, and to others once an answer is
 *     that late, and later than usual; see {@link Recipients}
 */
public record RaftOptions(
        int tickMs,
        int heartbeatTicks,
        int electionTicks,
        int maxAppendBytes,
        int maxInflightAppends,
        int maxInflightBytes,
        long maxUncommittedBytes,
        long maxTailBytes,
        int maxApplyBytes,
        int maxPendingReads,
        int lateAnswerTicks) {

    private static final int CROSSINGS_PER_TIMEOUT = 8;

    public static final RaftOptions DEFAULT =
            new RaftOptions(10, 10, 100, 1 << 20, 64, 8 << 20, 64 << 20, 16 << 20, 4 << 20, 16384);

    public RaftOptions {
        Check.that(
                tickMs > 0 && heartbeatTicks > 0,
                "tickMs %d heartbeatTicks %d",
                tickMs,
                heartbeatTicks);
        Check.that(
                electionTicks > heartbeatTicks,
                "electionTicks %d <= heartbeatTicks %d",
                electionTicks,
                heartbeatTicks);
        Check.that(
                maxAppendBytes > 0 && maxInflightAppends > 0 && maxApplyBytes > 0,
                "bounds must be positive");
        Check.that(
                lateAnswerTicks >= 0 && lateAnswerTicks < heartbeatTicks,
                "lateAnswerTicks %d not in [0, heartbeatTicks %d)",
                lateAnswerTicks,
                heartbeatTicks);
    }

    /** Of a leader that sends to all members at once. */
    public RaftOptions(
            int tickMs,
            int heartbeatTicks,
            int electionTicks,
            int maxAppendBytes,
            int maxInflightAppends,
            int maxInflightBytes,
            long maxUncommittedBytes,
            long maxTailBytes,
            int maxApplyBytes,
            int maxPendingReads) {
        this(
                tickMs,
                heartbeatTicks,
                electionTicks,
                maxAppendBytes,
                maxInflightAppends,
                maxInflightBytes,
                maxUncommittedBytes,
                maxTailBytes,
                maxApplyBytes,
                maxPendingReads,
                0);
    }

    /**
     * Within so many ticks the questions and answers of two campaigns that began at the same moment
     * have met: a round to all members and a persist are short against a timeout (Raft §5.6).
     */
    int crossingTicks() {
        return Math.max(heartbeatTicks, 1 + (electionTicks - 1) / CROSSINGS_PER_TIMEOUT);
    }

    public RaftOptions withElectionTicks(int ticks) {
        return new RaftOptions(
                tickMs,
                heartbeatTicks,
                ticks,
                maxAppendBytes,
                maxInflightAppends,
                maxInflightBytes,
                maxUncommittedBytes,
                maxTailBytes,
                maxApplyBytes,
                maxPendingReads,
                lateAnswerTicks);
    }

    public RaftOptions withHeartbeatTicks(int ticks) {
        return new RaftOptions(
                tickMs,
                ticks,
                electionTicks,
                maxAppendBytes,
                maxInflightAppends,
                maxInflightBytes,
                maxUncommittedBytes,
                maxTailBytes,
                maxApplyBytes,
                maxPendingReads,
                lateAnswerTicks);
    }

    /** With other bounds of what is kept in memory: for each follower, and of the log. */
    public RaftOptions withMemory(int inflightBytes, long tailBytes) {
        return new RaftOptions(
                tickMs,
                heartbeatTicks,
                electionTicks,
                maxAppendBytes,
                maxInflightAppends,
                inflightBytes,
                maxUncommittedBytes,
                tailBytes,
                maxApplyBytes,
                maxPendingReads,
                lateAnswerTicks);
    }

    public RaftOptions withLateAnswerTicks(int ticks) {
        return new RaftOptions(
                tickMs,
                heartbeatTicks,
                electionTicks,
                maxAppendBytes,
                maxInflightAppends,
                maxInflightBytes,
                maxUncommittedBytes,
                maxTailBytes,
                maxApplyBytes,
                maxPendingReads,
                ticks);
    }
}
