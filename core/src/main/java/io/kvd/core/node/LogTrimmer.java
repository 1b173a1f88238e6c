package io.kvd.core.node;

import io.kvd.core.raft.Run;

import java.util.ArrayDeque;

/**
 * Decides when to flush the state and how far the log may then be cut. The log is never cut past the flushed index
 * (P4), nor past what a member still needs, and keeps a tail behind it.
 */
final class LogTrimmer {
    /** How finely the tail is measured, in parts of it: cuts happen at these steps. */
    private static final int MARKS_PER_TAIL = 16;

    private final long flushAfterBytes;
    private final long tailBytes;
    private final long markBytes;
    /** (index, bytes of log handed for apply up to it since this process started), one a step, ascending. */
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    private long handedBytes;
    private long bytesAtLastFlush;
    private boolean flushing;
    private long flushedIndex;

    private record Mark(long index, long bytes) {}

    LogTrimmer(NodeOptions options, long flushedIndex) {
        this.flushAfterBytes = options.flushAfterBytes();
        this.tailBytes = options.logTailBytes();
        this.markBytes = tailBytes / MARKS_PER_TAIL;
        this.flushedIndex = flushedIndex;
    }

    /** A run was handed over for apply. */
    void handed(Run run) {
        handedBytes += run.sizeBytes();
        if (marks.isEmpty() || handedBytes - marks.peekLast().bytes >= markBytes) {
            marks.addLast(new Mark(run.lastIndex(), handedBytes));
        }
    }

    /** Whether a flush is due; one at a time. The caller begins it. */
    boolean flushDue() {
        return !flushing && handedBytes - bytesAtLastFlush >= flushAfterBytes;
    }

    void flushBegun() {
        flushing = true;
        bytesAtLastFlush = handedBytes;
    }

    void flushed(long index) {
        flushing = false;
        flushedIndex = Math.max(flushedIndex, index);
    }

    boolean isFlushing() {
        return flushing;
    }

    long flushedIndex() {
        return flushedIndex;
    }

    /**
     * The last index that may be cut away now; 0 = nothing.
     *
     * @param maxIndex what every member has (P4) and this node knows to be applied
     */
    long cutIndex(long maxIndex) {
        long limit = Math.min(flushedIndex, maxIndex);
        long cut = 0;
        while (!marks.isEmpty()
                && marks.peekFirst().index <= limit
                && handedBytes - marks.peekFirst().bytes >= tailBytes) {
            cut = marks.removeFirst().index;
        }
        return cut;
    }
}
