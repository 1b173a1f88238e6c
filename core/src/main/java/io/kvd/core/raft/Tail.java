package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The newest runs of a log, each following the one before, oldest first. Grows at the end, is
 * evicted at the front. Owned by {@link RaftLog}, which checks what it adds.
 */
final class Tail {
    private final List<Run> runs = new ArrayList<>();
    /** How many places at the front are of runs that were removed. */
    private int removed;

    private long bytes;

    boolean isEmpty() {
        return removed == runs.size();
    }

    long bytes() {
        return bytes;
    }

    /** The first entry's index; there must be one. */
    long firstIndex() {
        return runs.get(removed).firstIndex();
    }

    void add(Run run) {
        runs.add(run);
        bytes += run.sizeBytes();
    }

    /** Removes the oldest run; there must be one. */
    void removeFirst() {
        // Its place is given back later, its memory at once.
        bytes -= runs.set(removed, null).sizeBytes();
        removed++;
        compact();
    }

    // Seldom enough that each run is moved about once.
    private void compact() {
        if (removed > runs.size() / 2 || isEmpty()) {
            runs.subList(0, removed).clear();
            removed = 0;
        }
    }

    /** Removes the runs of which nothing lies behind the index. */
    void removeTo(long index) {
        while (!isEmpty() && runs.get(removed).lastIndex() <= index) {
            removeFirst();
        }
    }

    /** Removes the entries from the index on; a run that straddles it keeps its beginning. */
    void truncateFrom(long index) {
        while (!isEmpty() && newest().lastIndex() >= index) {
            Run cut = runs.remove(runs.size() - 1);
            bytes -= cut.sizeBytes();
            if (cut.firstIndex() < index) {
                add(cut.slice(cut.firstIndex(), index));
            }
        }
        compact();
    }

    void clear() {
        runs.clear();
        removed = 0;
        bytes = 0;
    }

    private Run newest() {
        return runs.get(runs.size() - 1);
    }

    /** The run that has the entry, and all behind it; the entry must be there. */
    List<Run> from(long index) {
        return Collections.unmodifiableList(runs.subList(positionOf(index), runs.size()));
    }

    /** All of them. */
    List<Run> all() {
        return Collections.unmodifiableList(runs.subList(removed, runs.size()));
    }

    private int positionOf(long index) {
        int high = runs.size() - 1;
        if (runs.get(high).firstIndex() <= index) {
            return high; // Nearly always: the newest run.
        }
        int low = removed;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (runs.get(middle).firstIndex() <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
