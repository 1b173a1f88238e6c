package io.kvd.core.node;

import io.kvd.core.base.Check;

import java.util.TreeMap;

/**
 * The bytes that answers hold, each connection's and all together. A connection gets its first answer whenever there
 * is room for it, and more as long as it holds no more than half of what the others leave: however many hold much, a
 * part stays free for the one that comes next (dynamic thresholds: Choudhury and Hahne, IEEE/ACM ToN 6(2), 1998).
 * Owned by one thread at a time.
 */
final class AnswerBudget {
    private final long totalBytes;
    private final TreeMap<Long, Long> heldBy = new TreeMap<>();
    private long heldBytes;

    AnswerBudget(long totalBytes) {
        this.totalBytes = totalBytes;
    }

    long heldBytes() {
        return heldBytes;
    }

    boolean holdsNothing(long connectionId) {
        return !heldBy.containsKey(connectionId);
    }

    /** Whether the connection may have so much more. An answer larger than the whole budget is made alone. */
    boolean hasRoom(long connectionId, long bytes) {
        if (heldBytes + bytes > totalBytes) {
            return heldBytes == 0;
        }
        long own = heldBy.getOrDefault(connectionId, 0L);
        long left = totalBytes - (heldBytes - own);
        return own == 0 || own + bytes <= left / 2;
    }

    void take(long connectionId, long bytes) {
        heldBy.merge(connectionId, bytes, Long::sum);
        heldBytes += bytes;
    }

    void giveBack(long connectionId, long bytes) {
        long own = heldBy.getOrDefault(connectionId, 0L) - bytes;
        Check.that(
                own >= 0,
                "%d bytes given back that connection %d did not hold",
                -own,
                connectionId);
        if (own == 0) {
            heldBy.remove(connectionId);
        } else {
            heldBy.put(connectionId, own);
        }
        heldBytes -= bytes;
    }
}
