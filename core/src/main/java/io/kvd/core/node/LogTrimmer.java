package io.kvd.core.node;

import io.kvd.core.node.NodeInput.SpaceLevel;
import io.kvd.core.raft.LogNeeds;
import io.kvd.core.raft.Run;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Decides when to flush the state and how far the log may then be cut. The log is never cut past the flushed index
 * (P4). What a member still needs is kept as long as the log is not larger for it than it may be. Owned by the raft
 * thread.
 *
 * <p>More is kept for a member that is brought up by a snapshot, from the snapshot's making until the member is level:
 * cut before, it would need the next snapshot, and for ever where writes come faster than snapshots. The bound on that
 * log is {@link #CATCH_UP_RETAINS} times what is kept for any member, or {@link #CATCH_UP_SNAPSHOTS} times the
 * snapshot if that is more, so that the first snapshot is enough unless writes come twice as fast as snapshots may be
 * sent. Each snapshot that was nevertheless sent in vain doubles it, so the number of snapshots grows with the
 * logarithm of what is written meanwhile, until the disk is nearly full: then the bound is the first one again.
 */
final class LogTrimmer {
    /** How finely the tail is measured, in parts of it: cuts happen at these steps. */
    private static final int MARKS_PER_TAIL = 16;

    private static final int CATCH_UP_RETAINS = 4;
    private static final int CATCH_UP_SNAPSHOTS = 2;
    /** More than any disk holds. */
    private static final long MAX_CATCH_UP_BYTES = Long.MAX_VALUE / 2;

    private final long flushAfterBytes;
    private final long tailBytes;
    private final long retainBytes;
    private final long markBytes;
    /** Of what was applied or handed out for it, ascending, a step or more apart. */
    private final ArrayDeque<LogMark> marks = new ArrayDeque<>();

    /** Of the log, up to what was handed out last, from where the first mark counts. */
    private long handedBytes;

    private long bytesAtLastFlush;
    private boolean flushing;
    private long flushedIndex;
    private SpaceLevel space = SpaceLevel.ENOUGH;

    /**
     * @param found marks of the log as it was found at start
     * @param flushedIndex what the state had applied then
     */
    LogTrimmer(NodeOptions options, List<LogMark> found, long flushedIndex) {
        this.flushAfterBytes = options.flushAfterBytes();
        this.tailBytes = options.logTailBytes();
        this.retainBytes = options.logRetainBytes();
        this.markBytes = tailBytes / MARKS_PER_TAIL;
        this.flushedIndex = flushedIndex;
        for (LogMark mark : found) {
            if (mark.index() <= flushedIndex) {
                marks.addLast(mark);
                handedBytes = mark.bytes();
            }
        }
        this.bytesAtLastFlush = handedBytes;
    }

    /** While the disk is nearly full, no log is kept for members that lack it: a snapshot costs them time only. */
    void diskSpace(SpaceLevel level) {
        space = level;
    }

    /** A run was handed over for apply. */
    void handed(Run run) {
        handedBytes += run.sizeBytes();
        if (marks.isEmpty() || handedBytes - marks.peekLast().bytes() >= markBytes) {
            marks.addLast(new LogMark(run.lastIndex(), handedBytes));
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

    /** A snapshot took the place of the state, and of the log up to the index. */
    void installed(long index) {
        flushedIndex = index;
        marks.clear();
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
     * @param appliedIndex what this node knows to be applied: a flush may tell of more
     */
    long cutIndex(long appliedIndex, LogNeeds needs) {
        long cut = 0;
        while (!marks.isEmpty()
                && marks.peekFirst().index() <= Math.min(flushedIndex, appliedIndex)) {
            LogMark mark = marks.peekFirst();
            long bytesBehind = handedBytes - mark.bytes();
            boolean mayBeNeeded = mark.index() > needs.minMatchIndex()
                    && bytesBehind < retainBytes
                    && space == SpaceLevel.ENOUGH;
            if (bytesBehind < tailBytes
                    || mayBeNeeded
                    || isNeededToCatchUp(mark.index(), bytesBehind, needs)) {
                break;
            }
            cut = marks.removeFirst().index();
        }
        return cut;
    }

    private boolean isNeededToCatchUp(long index, long bytesBehind, LogNeeds needs) {
        for (LogNeeds.NeededFrom needed : needs.catchUps()) {
            if (index >= needed.fromIndex() && bytesBehind < maxBytesFor(needed)) {
                return true;
            }
        }
        return false;
    }

    private long maxBytesFor(LogNeeds.NeededFrom needed) {
        long bytes = Math.max(
                CATCH_UP_RETAINS * retainBytes, CATCH_UP_SNAPSHOTS * needed.snapshotBytes());
        int doublings = space == SpaceLevel.ENOUGH ? needed.overtakenCount() : 0;
        boolean isBeyond = doublings >= Long.numberOfLeadingZeros(bytes) - 1;
        return isBeyond ? MAX_CATCH_UP_BYTES : bytes << doublings;
    }
}
