package io.kvd.core.kv;

import io.kvd.core.raft.Entry;

/**
 * The bounds that sessions obey. They decide what an entry does, so they belong to the feature level and never to a
 * node's configuration (P7).
 *
 * @param maxSessions open at once
 * @param maxUnanswered how far a sequence may be ahead of the lowest unanswered one, that one counted
 */
public record SessionRules(int maxSessions, int maxUnanswered, Ttl ttl, Replies replies) {
    /**
     * 10,000 sessions: a client process needs one, and idle ones cost each member about 4 MB of heap. 1,024
     * unanswered: at a round trip of 10 ms, 100,000 writes a second from one client. Ttl from 1 s, below which
     * keep-alives alone would be a load, to a day. Replies up to 256 B lie in the session's row, which is rewritten
     * with each batch; up to 64 KiB beside it; 64 MiB in all, since small ones are on the heap of every member.
     */
    public static final SessionRules LEVEL_1 = new SessionRules(
            10_000, 1_024, new Ttl(1_000, 86_400_000), new Replies(256, 64 << 10, 64L << 20));

    /** Whether the numbers of a session's write can be true at all. */
    boolean inOrder(Entry.Origin origin) {
        return origin.sequence() >= 1
                && origin.lowestUnanswered() >= 0
                && origin.lowestUnanswered() <= origin.sequence();
    }

    /** Whether an ordered write is within the session's window. */
    boolean inWindow(Entry.Origin origin) {
        return origin.sequence() - origin.lowestUnanswered() < maxUnanswered;
    }

    /** The same, with another bound of what is kept in the session's row: for who wants to see rows beside it. */
    public SessionRules keepingInline(int maxBytes) {
        return new SessionRules(
                maxSessions,
                maxUnanswered,
                ttl,
                new Replies(maxBytes, replies.maxKeptBytes(), replies.maxTotalBytes()));
    }

    /** Both bounds are allowed. */
    public record Ttl(long minMs, long maxMs) {
        boolean allows(long ttlMs) {
            return ttlMs >= minMs && ttlMs <= maxMs;
        }
    }

    /**
     * @param maxInlineBytes of a result that is kept in the session's row
     * @param maxKeptBytes of a result that is kept at all; of a larger one its revision is
     * @param maxTotalBytes of all kept replies, {@link #OVERHEAD_BYTES} added to each
     */
    public record Replies(int maxInlineBytes, int maxKeptBytes, long maxTotalBytes) {
        /** What a kept reply takes on the heap beside its result. */
        static final int OVERHEAD_BYTES = 160;
    }
}
