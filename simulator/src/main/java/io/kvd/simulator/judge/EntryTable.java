package io.kvd.simulator.judge;

import io.kvd.core.base.Check;
import io.kvd.core.raft.Run;

import java.util.Arrays;

/**
 * A log as judges need it: by index, each entry's term and checksum, and a chain over all checksums up to it, so that
 * two logs are equal up to an index exactly if their chains are.
 */
final class EntryTable {
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    /** Entry i stands at i; 0 is before the first one. */
    private long[] terms = new long[64];

    private long[] sums = new long[64];
    private long[] chains = new long[64];
    private int last;

    long last() {
        return last;
    }

    long termAt(long index) {
        return terms[Math.toIntExact(index)];
    }

    long sumAt(long index) {
        return sums[Math.toIntExact(index)];
    }

    long chainAt(long index) {
        return chains[Math.toIntExact(index)];
    }

    boolean contains(long index) {
        return index >= 1 && index <= last;
    }

    void append(Run run) {
        int offset = 0;
        for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
            // The checksum covers every byte of the entry.
            append(index, run.termAt(index), run.encoded().intAt(offset));
            offset += run.sizeBytesAt(index);
        }
    }

    void append(long index, long term, long sum) {
        Check.that(index == last + 1L, "entry %d after %d", index, last);
        last++;
        if (last == terms.length) {
            terms = Arrays.copyOf(terms, 2 * last);
            sums = Arrays.copyOf(sums, 2 * last);
            chains = Arrays.copyOf(chains, 2 * last);
        }
        terms[last] = term;
        sums[last] = sum;
        chains[last] = (Long.rotateLeft(chains[last - 1], 17) ^ sum ^ term << 32) * MULTIPLIER;
    }

    /** From now on equal to the other one up to the index. What lay behind it stays if both were equal there. */
    void becomeUpTo(long index, EntryTable other) {
        if (contains(index) && chainAt(index) == other.chainAt(index)) {
            return;
        }
        truncateFrom(1);
        for (long i = 1; i <= index; i++) {
            append(i, other.termAt(i), other.sumAt(i));
        }
    }

    void truncateFrom(long index) {
        last = (int) Math.min(last, Math.max(0, index - 1));
    }
}
