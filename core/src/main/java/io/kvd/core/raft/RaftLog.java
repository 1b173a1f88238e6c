package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.ArrayList;
import java.util.List;

/**
 * The replicated log as this replica has it: its newest runs in memory, the terms of all of it, and
 * how far it is persisted. Entries older than the tail are loaded by request ({@link LoadRequest});
 * the core never reads a disk.
 *
 * <p>Owned by {@link RaftCore}. Always: {@code logStart.index <= persistedIndex <= last.index}; the
 * tail is contiguous and ends at {@code last}; what is not persisted is in the tail.
 */
final class RaftLog {
    private final long maxTailBytes;
    private final TermStarts terms;
    private final Tail tail = new Tail();
    /**
     * The last entry that was cut away, or {@link EntryId#NONE}. Changed only by {@link #cutTo} and
     * {@link #install}.
     */
    private EntryId logStart;
    /**
     * Derived from {@link #terms} whenever the end moves, so that it can't differ from the log
     * (Raft §5.4.1).
     */
    private EntryId last;
    /** Everything up to here is on this replica's disk. Goes back only with a truncation. */
    private long persistedIndex;
    /**
     * The largest log time ever appended. A truncation leaves it: it is a floor for new stamps,
     * nothing else.
     */
    private long largestLogTimeMs;
    /** The lowest persisted index that was truncated since the last persist, or 0. */
    private long truncatedFrom;
    /** Where the log was cut since the last persist, or {@link EntryId#NONE}. */
    private EntryId newLogStart = EntryId.NONE;

    RaftLog(RestoredReplica restored, long maxTailBytes) {
        this.maxTailBytes = maxTailBytes;
        this.logStart = restored.logStart();
        this.last = restored.last();
        this.persistedIndex = last.index();
        this.largestLogTimeMs = restored.lastLogTimeMs();
        this.terms = new TermStarts(logStart, restored.termStarts());
        for (Run run : restored.tail()) {
            tail.add(run);
        }
        checkRestored(restored.applied());
    }

    private void checkRestored(EntryId applied) {
        Check.that(
                contains(applied), "applied %s is not in the log %s..%s", applied, logStart, last);
        Check.that(terms.termAt(last.index()) == last.term(), "term starts end before %s", last);
        long expected = firstHeldIndex();
        for (Run run : tail.all()) {
            boolean follows = run.contains(expected) && termsMatch(run);
            Check.that(follows, "%s in the tail, expected %d", run, expected);
            expected = run.lastIndex() + 1;
        }
        Check.that(expected == last.index() + 1, "no entry %d, the log ends at %s", expected, last);
    }

    EntryId logStart() {
        return logStart;
    }

    EntryId last() {
        return last;
    }

    long lastIndex() {
        return last.index();
    }

    long persistedIndex() {
        return persistedIndex;
    }

    long largestLogTimeMs() {
        return largestLogTimeMs;
    }

    /** The term of any index from the log's start (inclusive) to its last entry. */
    long termAt(long index) {
        Check.that(
                index >= logStart.index() && index <= last.index(),
                "term of index %d, the log has %s..%s",
                index,
                logStart,
                last);
        return terms.termAt(index);
    }

    EntryId idAt(long index) {
        return new EntryId(termAt(index), index);
    }

    /** Whether this log equals every log that has the entry, up to it (Raft §5.3, Log Matching). */
    boolean contains(EntryId id) {
        return id.index() >= logStart.index()
                && id.index() <= last.index()
                && terms.termAt(id.index()) == id.term();
    }

    /**
     * Whether the runs are consecutive from {@code fromIndex} on, and each of their entries is this
     * log's.
     */
    boolean containsAll(long fromIndex, List<Run> runs) {
        long expected = fromIndex;
        for (Run run : runs) {
            boolean inLog = run.firstIndex() > logStart.index() && run.lastIndex() <= last.index();
            if (run.firstIndex() != expected || !inLog || !termsMatch(run)) {
                return false;
            }
            expected = run.lastIndex() + 1;
        }
        return true;
    }

    /**
     * The largest index up to {@code index} whose term is not above {@code maxTerm}: two logs that
     * differ at {@code index} can agree there at the latest (Raft §5.3, a whole term a round trip).
     * The log's start - 1 if even the start is above.
     */
    long lastIndexNotAbove(long maxTerm, long index) {
        return terms.lastIndexNotAbove(maxTerm, index);
    }

    /**
     * The first index up to {@code toIndex} at which a log with these entries differs from this one,
     * as far as the message tells and this log knows; 0 if there is none. What lies before the log's
     * start can't be compared.
     *
     * @param previous the entry before the first of {@code runs}
     * @param toIndex at most the last of this log
     */
    long firstDifference(EntryId previous, List<Run> runs, long toIndex) {
        long from = Math.max(previous.index(), logStart.index());
        if (previous.index() > toIndex) {
            // Terms never decrease along a log, so that one has no entry of this term (Raft §5.3).
            return previous.term() < termAt(toIndex) ? toIndex : 0;
        }
        if (from == previous.index() && !contains(previous)) {
            return previous.index();
        }
        for (Run run : runs) {
            long to = Math.min(run.lastIndex(), toIndex);
            for (long index = Math.max(run.firstIndex(), from); index <= to; index++) {
                if (terms.termAt(index) != run.termAt(index)) {
                    return index;
                }
            }
        }
        return 0;
    }

    /** Appends behind the last entry. In memory only: persisted with the next Ready. */
    void append(Run run) {
        Check.that(
                run.firstIndex() == last.index() + 1 && run.firstId().term() >= last.term(),
                "%s does not follow %s",
                run,
                last);
        tail.add(run);
        appendTerms(run);
        last = run.lastId();
        largestLogTimeMs = Math.max(largestLogTimeMs, run.lastLogTimeMs());
    }

    /**
     * Appends what is new in the runs, which follow an entry of this log. Only an entry of another
     * term at the same index is a conflict and truncates (Raft §5.3): a shorter or older message
     * takes nothing away.
     *
     * @param commitIndex nothing at or below it may be truncated
     */
    void merge(List<Run> runs, long commitIndex) {
        for (Run run : runs) {
            long firstNew = firstNewIndex(run);
            if (firstNew > run.lastIndex()) {
                continue;
            }
            if (firstNew <= last.index()) {
                Check.that(
                        firstNew > commitIndex,
                        "%s conflicts at committed index %d",
                        run,
                        firstNew);
                truncateFrom(firstNew);
            }
            append(run.slice(firstNew, run.lastIndex() + 1));
        }
    }

    private long firstNewIndex(Run run) {
        long index = Math.max(run.firstIndex(), logStart.index() + 1);
        while (index <= run.lastIndex()
                && index <= last.index()
                && terms.termAt(index) == run.termAt(index)) {
            index++;
        }
        return index;
    }

    private void truncateFrom(long index) {
        tail.truncateFrom(index);
        terms.truncateFrom(index);
        last = new EntryId(terms.termAt(index - 1), index - 1);
        if (index <= persistedIndex) {
            truncatedFrom = index; // Below any earlier one, which lowered persistedIndex.
            persistedIndex = index - 1;
        }
    }

    /** Whether {@link #entries} from this index on would find any. */
    boolean holds(long index) {
        return !tail.isEmpty()
                && index >= tail.firstIndex()
                && index > logStart.index()
                && index <= last.index();
    }

    /** The first index of the tail in memory; one behind the last entry if there is none. */
    long firstHeldIndex() {
        return tail.isEmpty()
                ? last.index() + 1
                : Math.max(tail.firstIndex(), logStart.index() + 1);
    }

    /**
     * The entries {@code fromIndex} (inclusive, held) to {@code toIndex} (exclusive), as many as
     * fit into {@code maxBytes} but at least one. No byte is copied.
     */
    List<Run> entries(long fromIndex, long toIndex, long maxBytes) {
        Check.that(holds(fromIndex), "entries from %d are not in memory", fromIndex);
        List<Run> found = new ArrayList<>();
        long room = maxBytes;
        for (Run run : tail.from(fromIndex)) {
            long from = Math.max(fromIndex, run.firstIndex());
            if (from >= toIndex || (room <= 0 && !found.isEmpty())) {
                break;
            }
            Run wanted = run.slice(from, Math.min(toIndex, run.lastIndex() + 1));
            Run fitting = wanted.sliceWithin(from, (int) Math.min(room, Integer.MAX_VALUE));
            if (!found.isEmpty() && fitting.sizeBytes() > room) {
                break;
            }
            found.add(fitting);
            room -= fitting.sizeBytes();
            if (fitting.lastIndex() < run.lastIndex()) {
                break;
            }
        }
        return found;
    }

    /** The encoded length of a held entry. */
    int sizeBytesAt(long index) {
        Check.that(holds(index), "entry %d is not in memory", index);
        return tail.from(index).get(0).sizeBytesAt(index);
    }

    /** What the next persist must append. */
    List<Run> unpersisted() {
        return persistedIndex == last.index()
                ? List.of()
                : entries(persistedIndex + 1, last.index() + 1, Long.MAX_VALUE);
    }

    /** What the next persist must delete from, or 0. */
    long truncatedFrom() {
        return truncatedFrom;
    }

    /** Where the next persist must cut the log, or {@link EntryId#NONE}. */
    EntryId newLogStart() {
        return newLogStart;
    }

    boolean mustPersist() {
        return persistedIndex < last.index()
                || truncatedFrom > 0
                || !newLogStart.equals(EntryId.NONE);
    }

    /** All of the log is on disk now. */
    void persisted() {
        persistedIndex = last.index();
        truncatedFrom = 0;
        newLogStart = EntryId.NONE;
        evict();
    }

    /** Forgets the log up to and including the index. */
    void cutTo(long index) {
        if (index <= logStart.index()) {
            return;
        }
        Check.that(
                index <= persistedIndex, "cutting to %d, persisted is %d", index, persistedIndex);
        logStart = idAt(index);
        newLogStart = logStart;
        terms.cutTo(logStart);
        tail.removeTo(index);
    }

    /**
     * The state up to the entry came from a snapshot, so the log begins behind it. What follows the
     * entry stays if this log has the entry; else all of the log goes, since it may conflict (Raft
     * §7). In memory only: persisted with the next Ready.
     *
     * @param lastLogTimeMs the largest log time up to the entry
     */
    void install(EntryId lastInSnapshot, long lastLogTimeMs) {
        long index = lastInSnapshot.index();
        Check.that(index > logStart.index(), "snapshot of %s, log of %s", lastInSnapshot, logStart);
        if (contains(lastInSnapshot)) {
            terms.cutTo(lastInSnapshot);
            tail.removeTo(index);
        } else {
            if (persistedIndex > index) {
                truncatedFrom = index + 1;
            }
            terms.resetTo(lastInSnapshot);
            tail.clear();
            last = lastInSnapshot;
            persistedIndex = index;
        }
        logStart = lastInSnapshot;
        newLogStart = lastInSnapshot;
        persistedIndex = Math.max(persistedIndex, index);
        largestLogTimeMs = Math.max(largestLogTimeMs, lastLogTimeMs);
    }

    // Whole runs, oldest first. Called when all of them are on disk.
    private void evict() {
        while (tail.bytes() > maxTailBytes) {
            tail.removeFirst();
        }
    }

    private void appendTerms(Run run) {
        if (run.firstId().term() == run.lastId().term()) {
            terms.append(run.firstId());
            return;
        }
        for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
            terms.append(new EntryId(run.termAt(index), index));
        }
    }

    /** Whether the terms of the run's entries are those of this log, which has its indexes. */
    boolean termsMatch(Run run) {
        for (long index = Math.max(run.firstIndex(), logStart.index());
                index <= run.lastIndex();
                index++) {
            if (terms.termAt(index) != run.termAt(index)) {
                return false;
            }
        }
        return true;
    }

    /** The runs in memory, oldest first, for {@link Invariants}. */
    List<Run> tail() {
        return tail.all();
    }

    long tailBytes() {
        return tail.bytes();
    }
}
