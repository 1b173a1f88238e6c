package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.ArrayList;
import java.util.List;

/**
 * The term of every index of a log, in memory, as the first entry of each term: terms never
 * decrease along a log, and there are as many as there were leaders, so the whole log fits while
 * its entries don't.
 */
final class TermStarts {
    /**
     * Ascending in index and strictly in term. The first element is the log's start, which is
     * before its first entry.
     */
    private final List<EntryId> starts = new ArrayList<>();

    TermStarts(EntryId logStart, List<EntryId> termStarts) {
        starts.add(logStart);
        for (EntryId start : termStarts) {
            append(start);
        }
    }

    /** Notes an entry behind all others. */
    void append(EntryId id) {
        EntryId newest = starts.get(starts.size() - 1);
        Check.that(
                id.term() >= newest.term() && id.index() > newest.index(),
                "%s after %s",
                id,
                newest);
        if (id.term() > newest.term()) {
            starts.add(id);
        }
    }

    /** The caller knows that the log has the index, or starts behind it. */
    long termAt(long index) {
        return starts.get(positionOf(index)).term();
    }

    /**
     * The largest index up to {@code index} whose term is not above {@code maxTerm}; the log's
     * start - 1 if none is.
     */
    long lastIndexNotAbove(long maxTerm, long index) {
        long candidate = index;
        for (int position = positionOf(index); starts.get(position).term() > maxTerm; position--) {
            candidate = starts.get(position).index() - 1;
            if (position == 0) {
                break;
            }
        }
        return candidate;
    }

    void truncateFrom(long index) {
        Check.that(
                index > starts.get(0).index(),
                "truncating from %d, the log starts after %s",
                index,
                starts.get(0));
        starts.subList(positionOf(index - 1) + 1, starts.size()).clear();
    }

    void cutTo(EntryId logStart) {
        starts.subList(0, positionOf(logStart.index()) + 1).clear();
        starts.add(0, logStart);
    }

    /** All that is known is the log's new start. */
    void resetTo(EntryId logStart) {
        starts.clear();
        starts.add(logStart);
    }

    int size() {
        return starts.size();
    }

    /** Where the last start at or before the index is. */
    private int positionOf(long index) {
        int low = 0;
        int high = starts.size() - 1;
        Check.that(
                index >= starts.get(0).index(),
                "index %d, the log starts after %s",
                index,
                starts.get(0));
        if (starts.get(high).index() <= index) {
            return high; // Nearly always: the newest term.
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts.get(middle).index() <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
