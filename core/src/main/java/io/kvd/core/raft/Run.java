package io.kvd.core.raft;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Check;
import io.kvd.core.base.DamagedException;

import java.util.Arrays;
import java.util.List;

/**
 * Consecutive entries as one byte string ({@link EntryFormat} after {@link EntryFormat}), with
 * where each begins. Made once by the leader; its log record, its peers' and their logs hold the
 * same bytes. Cut and joined without touching a checksum. Immutable; never empty.
 */
public final class Run {
    private final Bytes encoded;
    private final long firstIndex;
    /**
     * Where entry i begins in {@code encoded}; one more element than entries, the last is the
     * length.
     */
    private final int[] starts;

    private Run(Bytes encoded, long firstIndex, int[] starts) {
        this.encoded = encoded;
        this.firstIndex = firstIndex;
        this.starts = starts;
    }

    /** Encodes entries, which must be consecutive. */
    public static Run encode(long groupId, List<Entry> entries) {
        Check.that(!entries.isEmpty(), "a run has at least one entry");
        int total = 0;
        for (Entry entry : entries) {
            total = Math.addExact(total, EntryFormat.encodedBytes(entry.payload()));
        }
        BytesWriter out = new BytesWriter(total);
        int[] starts = new int[entries.size() + 1];
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Check.that(entry.index() == entries.get(0).index() + i, "gap before %s", entry.id());
            EntryFormat.write(groupId, entry, out);
            starts[i + 1] = out.length();
        }
        return new Run(out.toBytes(), entries.get(0).index(), starts);
    }

    /**
     * Reads a run and checks all that can be checked without the log around it: each entry's
     * checksum with its group, indexes consecutive, terms not decreasing.
     *
     * @throws DamagedException naming the entry, if anything is wrong
     */
    public static Run decode(long groupId, Bytes encoded) {
        int[] starts = new int[16];
        int count = 0;
        long firstIndex = 0;
        long previousTerm = 0;
        int at = 0;
        while (at < encoded.length()) {
            Bytes entry = encoded.slice(at, at + EntryFormat.lengthAt(encoded, at));
            EntryFormat.checkCrc(groupId, entry);
            long index = EntryFormat.index(entry);
            firstIndex = count == 0 ? index : firstIndex;
            if (index <= 0
                    || index != firstIndex + count
                    || EntryFormat.term(entry) < previousTerm) {
                throw new DamagedException(
                        "entry index %d term %d is out of place after index %d term %d"
                                .formatted(
                                        index,
                                        EntryFormat.term(entry),
                                        firstIndex + count - 1,
                                        previousTerm));
            }
            previousTerm = EntryFormat.term(entry);
            at += entry.length();
            count++;
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count] = at;
        }
        if (count == 0) {
            throw new DamagedException("a run without entries");
        }
        return new Run(encoded, firstIndex, Arrays.copyOf(starts, count + 1));
    }

    public Bytes encoded() {
        return encoded;
    }

    public long firstIndex() {
        return firstIndex;
    }

    public long lastIndex() {
        return firstIndex + entryCount() - 1;
    }

    public int entryCount() {
        return starts.length - 1;
    }

    public int sizeBytes() {
        return encoded.length();
    }

    public boolean contains(long index) {
        return index >= firstIndex && index <= lastIndex();
    }

    public EntryId firstId() {
        return new EntryId(termAt(firstIndex), firstIndex);
    }

    public EntryId lastId() {
        return new EntryId(termAt(lastIndex()), lastIndex());
    }

    public long termAt(long index) {
        return EntryFormat.term(bytesOf(index));
    }

    public long lastLogTimeMs() {
        return EntryFormat.logTimeMs(bytesOf(lastIndex()));
    }

    /** The encoded length of one entry. */
    public int sizeBytesAt(long index) {
        int i = Math.toIntExact(index - firstIndex);
        return starts[i + 1] - starts[i];
    }

    /** The entry, decoded; its payload shares this run's array. */
    public Entry entry(long index) {
        return EntryFormat.decode(bytesOf(index));
    }

    /**
     * The entries {@code fromIndex} (inclusive) to {@code toIndex} (exclusive), sharing this run's
     * array.
     */
    public Run slice(long fromIndex, long toIndex) {
        if (fromIndex == firstIndex && toIndex == lastIndex() + 1) {
            return this;
        }
        Check.that(
                fromIndex >= firstIndex && fromIndex < toIndex && toIndex <= lastIndex() + 1,
                "slice [%d, %d) of run [%d, %d]",
                fromIndex,
                toIndex,
                firstIndex,
                lastIndex());
        int from = (int) (fromIndex - firstIndex);
        int to = (int) (toIndex - firstIndex);
        int[] sliced = new int[to - from + 1];
        for (int i = 0; i < sliced.length; i++) {
            sliced[i] = starts[from + i] - starts[from];
        }
        return new Run(encoded.slice(starts[from], starts[to]), fromIndex, sliced);
    }

    /**
     * From {@code fromIndex} on, as many entries as fit into {@code maxBytes}, but at least one.
     */
    public Run sliceWithin(long fromIndex, int maxBytes) {
        int from = (int) (fromIndex - firstIndex);
        int to = from + 1;
        while (to < entryCount() && starts[to + 1] - starts[from] <= maxBytes) {
            to++;
        }
        return slice(fromIndex, firstIndex + to);
    }

    /** The runs as one; they must follow each other. */
    public static Run join(List<Run> runs) {
        if (runs.size() == 1) {
            return runs.get(0);
        }
        int bytes = 0;
        int count = 0;
        for (Run run : runs) {
            bytes = Math.addExact(bytes, run.sizeBytes());
            count += run.entryCount();
        }
        BytesWriter out = new BytesWriter(bytes);
        int[] starts = new int[count + 1];
        int at = 0;
        long expected = runs.get(0).firstIndex;
        for (Run run : runs) {
            Check.that(
                    run.firstIndex == expected,
                    "joining a run at %d, expected %d",
                    run.firstIndex,
                    expected);
            for (int i = 1; i < run.starts.length; i++) {
                starts[++at] = out.length() + run.starts[i];
            }
            out.put(run.encoded);
            expected = run.lastIndex() + 1;
        }
        return new Run(out.toBytes(), runs.get(0).firstIndex, starts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Run that && encoded.equals(that.encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    @Override
    public String toString() {
        return "Run[" + firstId() + ".." + lastId() + ", " + sizeBytes() + " bytes]";
    }

    private Bytes bytesOf(long index) {
        int i = Math.toIntExact(index - firstIndex);
        return encoded.slice(starts[i], starts[i + 1]);
    }
}
