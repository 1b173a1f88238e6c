package io.kvd.core.raft;

import io.kvd.core.base.Check;

/**
 * One entry's identity. Two logs that contain the same EntryId are equal up to it (Raft §5.3, Log
 * Matching). Orders as §5.4.1 compares logs: by term, then by index.
 */
public record EntryId(long term, long index) implements Comparable<EntryId> {
    /** Before the first entry: term 0, index 0. */
    public static final EntryId NONE = new EntryId(0, 0);

    public EntryId {
        Check.that(term >= 0 && index >= 0, "negative id: term %d index %d", term, index);
    }

    @Override
    public int compareTo(EntryId other) {
        int byTerm = Long.compare(term, other.term);
        return byTerm != 0 ? byTerm : Long.compare(index, other.index);
    }

    /** {@code index/term}, as logs and transcripts print it. */
    @Override
    public String toString() {
        return index + "/t" + term;
    }
}
