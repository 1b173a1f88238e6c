package io.kvd.core.raft;

import io.kvd.core.base.Bytes;

/**
 * One entry of the replicated log, decoded.
 *
 * @param id term of the leader that made it, and its place in the log
 * @param kind what it is for
 * @param stamp the leader's times when it was made
 * @param origin whose write it is; {@link Origin#NONE} for the leader's own entries and
 *     session-less writes
 * @param payload the command's bytes as the client sent them; for CONFIG the configuration's; empty
 *     for NOOP
 */
public record Entry(EntryId id, EntryKind kind, Stamp stamp, Origin origin, Bytes payload) {

    /**
     * When the leader made an entry, by two clocks.
     *
     * @param logTimeMs milliseconds of leadership since the cluster's birth; never goes back along
     *     the log
     * @param wallTimeMs the leader's wall clock, informational: apply never reads it
     */
    public record Stamp(long logTimeMs, long wallTimeMs) {
        public static final Stamp ZERO = new Stamp(0, 0);
    }

    /**
     * Which session's write an entry is, for exactly-once (thesis §6.3).
     *
     * @param sessionId 0 = none
     * @param sequence the write's number within the session, from 1
     * @param lowestUnanswered every sequence below it was answered: kept replies below it are
     *     dropped
     * @param principal who was authenticated; 0 = nobody, until there is authentication
     */
    public record Origin(long sessionId, long sequence, long lowestUnanswered, int principal) {
        public static final Origin NONE = new Origin(0, 0, 0, 0);
    }

    public long index() {
        return id.index();
    }

    public long term() {
        return id.term();
    }
}
