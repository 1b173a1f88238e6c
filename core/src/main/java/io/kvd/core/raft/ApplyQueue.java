package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.List;

/**
 * Hands committed entries out for apply: in order, each once, only what is committed and persisted
 * here (P2), and no more bytes ahead of the state machine than the bound. Owned by {@link
 * RaftCore}.
 */
final class ApplyQueue {
    private final RaftLog log;
    private final int maxApplyBytes;
    private final Loading loading = new Loading();
    private final Outstanding unapplied = new Outstanding();
    /** What the state machine reported. Monotonic. */
    private long appliedIndex;
    /** What was handed out. Monotonic; always appliedIndex <= this <= commit index. */
    private long handedOutIndex;

    ApplyQueue(RaftLog log, int maxApplyBytes, long appliedIndex) {
        this.log = log;
        this.maxApplyBytes = maxApplyBytes;
        this.appliedIndex = appliedIndex;
        this.handedOutIndex = appliedIndex;
    }

    Account account() {
        return unapplied.account("bytes that wait to be applied");
    }

    long appliedIndex() {
        return appliedIndex;
    }

    long handedOutIndex() {
        return handedOutIndex;
    }

    void applied(long index) {
        Check.that(
                index >= appliedIndex && index <= handedOutIndex,
                "applied %d, was %d, handed out %d",
                index,
                appliedIndex,
                handedOutIndex);
        appliedIndex = index;
        unapplied.releaseTo(index);
    }

    /** The state machine goes on behind the index: what was handed out is applied to a state that is given up. */
    void install(long index) {
        Check.that(index > handedOutIndex, "snapshot of %d, handed out %d", index, handedOutIndex);
        appliedIndex = index;
        handedOutIndex = index;
        unapplied.releaseTo(index);
        loading.forget();
    }

    void loaded(LoadedEntries loaded) {
        if (loading.accept(loaded, log)) {
            // What is not applied is never cut and what is committed never truncated.
            Check.that(
                    loading.holds(handedOutIndex + 1),
                    "committed entries from %d were not found in the log",
                    handedOutIndex + 1);
        }
    }

    boolean hasOutput(long commitIndex) {
        if (handedOutIndex >= toIndex(commitIndex) - 1) {
            return false;
        }
        if (isAtHand()) {
            return unapplied.bytes() == 0 || bytesAtHand() <= room();
        }
        return room() > 0 && !loading.isOutstanding();
    }

    /** What may be applied now; if it is no longer in memory, asks for it through the outbox. */
    List<Run> take(long commitIndex, Outbox outbox) {
        if (!hasOutput(commitIndex)) {
            return List.of();
        }
        long from = handedOutIndex + 1;
        long to = toIndex(commitIndex);
        if (!isAtHand()) {
            long heldFrom = Math.min(to, log.firstHeldIndex());
            LoadRequest request = new LoadRequest(from, heldFrom, room(), NodeId.NONE);
            loading.ask(request);
            outbox.load(request);
            return List.of();
        }
        List<Run> runs = loading.holds(from) ? loading.take() : log.entries(from, to, room());
        for (Run run : runs) {
            unapplied.add(run.lastIndex(), run.sizeBytes());
            handedOutIndex = run.lastIndex();
        }
        return runs;
    }

    private long toIndex(long commitIndex) {
        return Math.min(commitIndex, log.persistedIndex()) + 1;
    }

    private int room() {
        return (int) Math.max(0, maxApplyBytes - unapplied.bytes());
    }

    private boolean isAtHand() {
        return log.holds(handedOutIndex + 1) || loading.holds(handedOutIndex + 1);
    }

    /** What is handed out next at the least: all that was loaded, or one entry. */
    private long bytesAtHand() {
        long from = handedOutIndex + 1;
        return loading.holds(from) ? loading.sizeBytes() : log.sizeBytesAt(from);
    }
}
