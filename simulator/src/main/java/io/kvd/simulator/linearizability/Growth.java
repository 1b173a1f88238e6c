package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is to come on one key that is appended to. Its value only grows until something replaces it. So what is there
 * must be the beginning of what the next read saw, unless such a beginning can be put in its place before; and what is
 * the beginning of nothing that anybody will look at needs not be known.
 */
final class Growth {
    private final Values values;
    /** Reads of the key, by return. */
    private final List<Sight> sights = new ArrayList<>();
    /** What may replace the value, by the value that it puts there. */
    private final TreeMap<Bytes, List<Piece>> puts = new TreeMap<>();

    private final List<Piece> deletes = new ArrayList<>();
    /** Values on which some answer depends, ascending: those that begin alike stand side by side. */
    private final Bytes[] mentioned;
    /** How often the mentioned values before are mentioned by what is not placed, as a Fenwick tree. */
    private final int[] mentions;

    /** All sights before are placed. */
    private int sightsPlaced;

    /** A read of the key, and what it saw. */
    private static final class Sight {
        private final Piece piece;
        private final int value;
        /** What may put a beginning of the value there in time; computed when first asked for. */
        private List<Piece> beginnings = List.of();

        private boolean knowsBeginnings;

        private Sight(Piece piece, int value) {
            this.piece = piece;
            this.value = value;
        }
    }

    /** @param pieces all that touch the key, and perhaps others */
    Growth(int key, Values values, List<Piece> pieces) {
        this.values = values;
        Set<Bytes> named = new HashSet<>();
        for (Piece piece : pieces) {
            Footprint footprint = piece.footprint;
            Footprint.Reads reads = footprint.reads();
            for (int i = 0; piece.isRequired() && i < reads.size(); i++) {
                if (reads.key(i) == key && reads.value(i) != Footprint.ANY) {
                    sights.add(new Sight(piece, reads.value(i)));
                }
            }
            for (int value : footprint.writtenValues()) {
                if (value == Values.absent(key)) {
                    deletes.add(piece);
                } else if (values.key(value) == key) {
                    puts.computeIfAbsent(values.bytes(value), v -> new ArrayList<>())
                            .add(piece);
                }
            }
            for (int value : footprint.mentions()) {
                if (values.key(value) == key) {
                    named.add(values.bytes(value));
                }
            }
        }
        sights.sort(Comparator.comparingLong(sight -> sight.piece.returnNanos));
        mentioned = named.stream().sorted().toArray(Bytes[]::new);
        mentions = new int[mentioned.length + 1];
    }

    /** A piece that mentions the value is placed, or by -1, is taken back. */
    void mention(int value, int by) {
        int at = Arrays.binarySearch(mentioned, values.bytes(value)) + 1;
        for (; at < mentions.length; at += at & -at) {
            mentions[at] += by;
        }
    }

    /** A read of the key is taken back. */
    void giveBack(Piece read) {
        int low = 0;
        int high = sightsPlaced;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = sights.get(middle).piece.returnNanos < read.returnNanos;
            low = before ? middle + 1 : low;
            high = before ? high : middle;
        }
        sightsPlaced = low;
    }

    /** Whether nothing that is not placed depends on the value or on what it may grow to. */
    boolean isUnread(int value) {
        Bytes beginning = values.bytes(value);
        int from = Arrays.binarySearch(mentioned, beginning);
        from = from >= 0 ? from : -from - 1;
        int low = from;
        int high = mentioned.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean alike = mentioned[middle].startsWith(beginning);
            low = alike ? middle + 1 : low;
            high = alike ? high : middle;
        }
        return mentionsBefore(low) == mentionsBefore(from);
    }

    private int mentionsBefore(int rank) {
        int sum = 0;
        for (int at = rank; at > 0; at -= at & -at) {
            sum += mentions[at];
        }
        return sum;
    }

    /** Whether from this value of the key the next read can't be reached any more. */
    boolean isOvergrown(int value) {
        while (sightsPlaced < sights.size() && sights.get(sightsPlaced).piece.placed) {
            sightsPlaced++;
        }
        if (sightsPlaced == sights.size()) {
            return false;
        }
        Sight next = sights.get(sightsPlaced);
        return !isBeginning(value, next.value)
                && beginnings(next).stream().allMatch(piece -> piece.placed);
    }

    /** The next read, if it was looked for since the last change. */
    Optional<Piece> next() {
        return sights.stream().skip(sightsPlaced).map(sight -> sight.piece).findFirst();
    }

    private boolean isBeginning(int value, int seen) {
        if (values.isAbsent(value) || values.isAbsent(seen)) {
            return values.isAbsent(value);
        }
        return !values.isUnread(value) && values.bytes(seen).startsWith(values.bytes(value));
    }

    private List<Piece> beginnings(Sight sight) {
        if (!sight.knowsBeginnings) {
            List<Piece> found = new ArrayList<>(deletes);
            if (!values.isAbsent(sight.value)) {
                addPutsOfBeginnings(values.bytes(sight.value), found);
            }
            found.removeIf(piece -> piece.callNanos() > sight.piece.returnNanos);
            sight.beginnings = List.copyOf(found);
            sight.knowsBeginnings = true;
        }
        return sight.beginnings;
    }

    private void addPutsOfBeginnings(Bytes whole, List<Piece> found) {
        Map.Entry<Bytes, List<Piece>> entry = puts.floorEntry(whole);
        while (entry != null) {
            Bytes put = entry.getKey();
            if (whole.startsWith(put)) {
                found.addAll(entry.getValue());
                entry = puts.lowerEntry(put);
            } else {
                // No beginning lies between what both begin with and this.
                entry = puts.floorEntry(whole.slice(0, sameBytes(whole, put)));
            }
        }
    }

    private static int sameBytes(Bytes first, Bytes second) {
        int limit = Math.min(first.length(), second.length());
        int same = 0;
        while (same < limit && first.byteAt(same) == second.byteAt(same)) {
            same++;
        }
        return same;
    }
}
