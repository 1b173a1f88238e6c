package io.kvd.simulator.linearizability;

import java.util.Arrays;

/** Which keys an operation looks at and which it may change. Its arrays are never written to. */
final class Footprint {
    /** In the place of a value: the answer depends on the key in another way than by its value. */
    static final int ANY = -1;

    private static final int[] NONE = {};

    static final Footprint NOTHING = new Footprint(Reads.NOTHING, NONE, NONE, NONE, NONE);

    private final Reads reads;
    private final int[] writes;
    private final int[] writtenValues;
    private final int[] appends;
    private final int[] mentions;

    private Footprint(
            Reads reads, int[] writes, int[] writtenValues, int[] appends, int[] mentions) {
        this.reads = reads;
        this.writes = writes;
        this.writtenValues = writtenValues;
        this.appends = appends;
        this.mentions = mentions;
    }

    /** What it must find, key by key. */
    Reads reads() {
        return reads;
    }

    /** Keys that it may change, ascending. */
    int[] writes() {
        return writes;
    }

    /** What it may leave there, absence included; nothing of an append, whose value depends. */
    int[] writtenValues() {
        return writtenValues;
    }

    /** Keys to which it appends. */
    int[] appends() {
        return appends;
    }

    /** Values, absence apart, on which its answer depends in any way. */
    int[] mentions() {
        return mentions;
    }

    /** Keys and what must be found there. */
    static final class Reads {
        static final Reads NOTHING = new Reads(0, NONE, NONE, new long[0]);

        private final int from;
        private final int[] keys;
        private final int[] values;
        private final long[] revisions;

        private Reads(int from, int[] keys, int[] values, long[] revisions) {
            this.from = from;
            this.keys = keys;
            this.values = values;
            this.revisions = revisions;
        }

        static Reads of(int key, int value, long revision) {
            return new Reads(0, new int[] {key}, new int[] {value}, new long[] {revision});
        }

        /** Of keys that follow one another. */
        static Reads from(int from, int[] values, long[] revisions) {
            return new Reads(from, NONE, values, revisions);
        }

        int size() {
            return values.length;
        }

        int value(int i) {
            return values[i];
        }

        /** The mod revision that was told of it. */
        long revision(int i) {
            return revisions[i];
        }

        int[] values() {
            return values;
        }

        int[] keys() {
            int[] all = new int[size()];
            Arrays.setAll(all, this::key);
            return all;
        }

        int key(int i) {
            return keys.length == 0 ? from + i : keys[i];
        }

        Reads and(Reads more) {
            int[] joined = Arrays.copyOf(keys(), size() + more.size());
            System.arraycopy(more.keys(), 0, joined, size(), more.size());
            int[] joinedValues = join(values, more.values);
            long[] joinedRevisions = Arrays.copyOf(revisions, size() + more.size());
            System.arraycopy(more.revisions, 0, joinedRevisions, size(), more.size());
            return new Reads(0, joined, joinedValues, joinedRevisions);
        }
    }

    static Footprint reading(Reads reads, Values values) {
        int[] mentions = new int[reads.size()];
        int count = 0;
        for (int value : reads.values()) {
            if (value != ANY && !values.isAbsent(value)) {
                mentions[count++] = value;
            }
        }
        return new Footprint(reads, NONE, NONE, NONE, Arrays.copyOf(mentions, count));
    }

    static Footprint writing(int key, int value) {
        return new Footprint(Reads.NOTHING, new int[] {key}, new int[] {value}, NONE, NONE);
    }

    static Footprint appending(int key) {
        return new Footprint(Reads.NOTHING, new int[] {key}, NONE, new int[] {key}, NONE);
    }

    /** @param revision that the key must have, if it is told */
    static Footprint readingSomehow(int key, long revision) {
        return new Footprint(Reads.of(key, ANY, revision), NONE, NONE, NONE, NONE);
    }

    static Footprint mentioning(int value) {
        return new Footprint(Reads.NOTHING, NONE, NONE, NONE, new int[] {value});
    }

    Footprint and(Footprint more) {
        if (this == NOTHING) {
            return more;
        }
        return new Footprint(
                reads.and(more.reads),
                Arrays.stream(join(writes, more.writes)).sorted().distinct().toArray(),
                join(writtenValues, more.writtenValues),
                join(appends, more.appends),
                join(mentions, more.mentions));
    }

    private static int[] join(int[] first, int[] second) {
        int[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
