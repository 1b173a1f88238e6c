package io.kvd.core.node;

import io.kvd.core.base.DamagedException;
import io.kvd.core.node.RestoredLog.RestoredGroup;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks one group's log record by record, in its order, and collects what a restart needs of it. Shared by every
 * {@link LogStore}, so that all of them refuse the same damage. Owned by one thread.
 */
public final class LogScan {
    /** Bytes of the newest entries that a restart keeps in memory, to a run. */
    public static final int MAX_TAIL_BYTES = 16 << 20;

    private static final int MAX_MARKS = 1024;

    private final long groupId;
    private final HardState hardState;
    private final EntryId recordedLast;
    private final GroupRecord group;
    private final List<EntryId> termStarts = new ArrayList<>();
    private final ArrayDeque<Run> tail = new ArrayDeque<>();
    private final List<LogMark> marks = new ArrayList<>();
    private long tailBytes;
    private long scannedBytes;
    /** How far apart marks are. */
    private long markBytes = 1;

    private long lastLogTimeMs;
    /** The last entry that was checked; logStart before the first one. */
    private EntryId last;

    /**
     * A scan that has seen no entry yet.
     *
     * @param recordedLast where the log ends according to the batch that touched the group last
     */
    public LogScan(long groupId, HardState hardState, EntryId recordedLast, GroupRecord group) {
        this.groupId = groupId;
        this.hardState = hardState;
        this.recordedLast = recordedLast;
        this.group = group;
        this.last = group.logStart();
    }

    /**
     * The next run of the log; the first one may begin at or before logStart.
     *
     * @param run already checked in itself ({@link Run#decode})
     * @throws DamagedException if it does not follow what came before
     */
    public void accept(Run run) {
        EntryId logStart = group.logStart();
        boolean straddlesStart =
                last.equals(logStart) && run.contains(logStart.index()) && logStart.index() > 0;
        if (straddlesStart && run.termAt(logStart.index()) != logStart.term()) {
            throw new DamagedException(
                    "the log begins after %s, but its first run has term %d at index %d"
                            .formatted(logStart, run.termAt(logStart.index()), logStart.index()));
        }
        if (straddlesStart && run.lastIndex() == logStart.index()) {
            throw new DamagedException("%s lies below the log's start %s".formatted(run, logStart));
        }
        Run kept = straddlesStart ? run.slice(logStart.index() + 1, run.lastIndex() + 1) : run;
        if (kept.firstIndex() != last.index() + 1) {
            throw new DamagedException("%s at index %d: expected index %d, found %s"
                    .formatted(
                            kept.firstIndex() > last.index() ? "gap" : "overlap",
                            kept.firstIndex(),
                            last.index() + 1,
                            run));
        }
        if (kept.firstId().term() < last.term()) {
            throw new DamagedException("terms go back after %s: %s".formatted(last, run));
        }
        noteTermStarts(kept);
        noteTail(kept);
        noteMark(kept);
        last = kept.lastId();
        lastLogTimeMs = kept.lastLogTimeMs();
    }

    /**
     * What was found, after the last run.
     *
     * @throws DamagedException if the log ends elsewhere than its hard state says
     */
    public RestoredGroup finish() {
        if (!last.equals(recordedLast)) {
            throw new DamagedException(
                    "the log ends at %s, but %s was persisted".formatted(last, recordedLast));
        }
        if (last.term() > hardState.term()) {
            throw new DamagedException("the log ends at %s, beyond term %d of its hard state"
                    .formatted(last, hardState.term()));
        }
        return new RestoredGroup(
                groupId,
                hardState,
                group,
                last,
                lastLogTimeMs,
                termStarts,
                List.copyOf(tail),
                marks);
    }

    private void noteTermStarts(Run run) {
        boolean noEntryYet = termStarts.isEmpty();
        if (!noEntryYet && run.lastId().term() == last.term()) {
            return;
        }
        long previousTerm = noEntryYet ? 0 : last.term();
        for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
            long term = run.termAt(index);
            if (term != previousTerm) {
                termStarts.add(new EntryId(term, index));
                previousTerm = term;
            }
        }
    }

    private void noteMark(Run run) {
        scannedBytes += run.sizeBytes();
        if (!marks.isEmpty() && scannedBytes - marks.get(marks.size() - 1).bytes() < markBytes) {
            return;
        }
        marks.add(new LogMark(run.lastIndex(), scannedBytes));
        if (marks.size() > MAX_MARKS) {
            for (int i = marks.size() - 2; i >= 0; i -= 2) {
                marks.remove(i);
            }
            markBytes = 2 * scannedBytes / marks.size();
        }
    }

    private void noteTail(Run run) {
        tail.addLast(run);
        tailBytes += run.sizeBytes();
        while (tail.size() > 1 && tailBytes > MAX_TAIL_BYTES) {
            tailBytes -= tail.removeFirst().sizeBytes();
        }
    }
}
