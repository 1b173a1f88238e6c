package io.kvd.server.storage;

import io.kvd.core.raft.EntryId;

/**
 * Where a group's log begins and ends.
 *
 * @param logStart the last entry that was cut away
 * @param last the last entry; {@code logStart} if there is none
 * @param startPosition position of the first run that is kept ({@link LogKeys})
 * @param endPosition position of the next run to be appended; {@code startPosition} if there is none
 */
record LogExtent(EntryId logStart, EntryId last, long startPosition, long endPosition) {
    /** A log without entries. */
    static LogExtent emptyAfter(EntryId logStart, long position) {
        return new LogExtent(logStart, logStart, position, position);
    }

    boolean isEmpty() {
        return last.index() == logStart.index();
    }

    boolean contains(long index) {
        return index > logStart.index() && index <= last.index();
    }

    /** Bytes of the entries in the runs that are kept. */
    long sizeBytes() {
        return endPosition - startPosition;
    }
}
