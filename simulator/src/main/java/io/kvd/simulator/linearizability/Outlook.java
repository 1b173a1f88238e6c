package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What is to come on one key. The next read must find what it saw: so that is what the key holds now, or something that
 * may still be placed before the read puts it there. A value that is appended to may also grow to it; and one that is
 * the beginning of nothing that anybody will look at needs not be known.
 */
final class Outlook {
    private final Values values;
    /** Whether the key is appended to. */
    private final boolean grows;
    /** Reads of the key, by return. */
    private final List<Sight> sights = new ArrayList<>();
    /** What may replace the value, by the value that it puts there. */
    private final TreeMap<Bytes, List<Piece>> puts = new TreeMap<>();

    /** When each operation was called that may delete the key, ascending. */
    private final List<Long> deleteCalls = new ArrayList<>();

    private int deletesLeft;
    /** Values on which some answer depends, if the key grows; in order, those that begin alike stand side by side. */
    private Bytes[] mentioned = {};
    /** How often the mentioned values before are mentioned by what is not placed, as a Fenwick tree. */
    private int[] mentions = {};

    /** How many that are not placed see each revision. */
    private final Map<Long, Integer> seers = new HashMap<>();

    /** All sights before are placed. */
    private int sightsPlaced;

    /** A read of the key, and what it saw. */
    private static final class Sight {
        private final Piece piece;
        private final int value;
        /** What may, but for a delete, put there in time what was seen, or a beginning of it; computed when first asked for. */
        private List<Piece> sources = List.of();

        private boolean knowsSources;

        private Sight(Piece piece, int value) {
            this.piece = piece;
            this.value = value;
        }
    }

    Outlook(Values values, boolean grows) {
        this.values = values;
        this.grows = grows;
    }

    void addSight(Piece piece, int value) {
        sights.add(new Sight(piece, value));
    }

    void addWrite(Piece piece, int value) {
        if (values.isAbsent(value)) {
            deleteCalls.add(piece.callNanos());
        } else {
            puts.computeIfAbsent(values.bytes(value), v -> new ArrayList<>()).add(piece);
        }
    }

    /** @param named all values of the key on which some answer depends */
    void complete(SortedSet<Bytes> named) {
        Collections.sort(deleteCalls);
        sights.sort(Comparator.comparingLong(sight -> sight.piece.returnNanos));
        mentioned = named.toArray(new Bytes[0]);
        mentions = new int[mentioned.length + 1];
    }

    /** Something that mentions the value is placed, {@code by} -1, or taken back. */
    void mention(int value, int by) {
        int at = grows ? Arrays.binarySearch(mentioned, values.bytes(value)) + 1 : mentions.length;
        for (; at < mentions.length; at += at & -at) {
            mentions[at] += by;
        }
    }

    /** Something that may delete the key is placed, {@code by} -1, or taken back. */
    void delete(int by) {
        deletesLeft += by;
    }

    /** Something that sees the revision is placed, {@code by} -1, or taken back. */
    void see(long revision, int by) {
        seers.merge(revision, by, Integer::sum);
    }

    boolean isToBeSeen(long revision) {
        return seers.getOrDefault(revision, 0) > 0;
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

    /** Whether nothing that is not placed depends on the value or on what it may grow to; of a key that grows. */
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
    boolean isHopeless(int value) {
        while (sightsPlaced < sights.size() && sights.get(sightsPlaced).piece.placed) {
            sightsPlaced++;
        }
        if (sightsPlaced == sights.size()) {
            return false;
        }
        Sight next = sights.get(sightsPlaced);
        if (leadsTo(value, next.value)) {
            return false;
        }
        boolean deleteHelps = grows || values.isAbsent(next.value);
        return !(deleteHelps && mayBeDeletedBy(next.piece.returnNanos))
                && sources(next).stream().allMatch(piece -> piece.placed);
    }

    /** What was called after the return of an operation that is not placed is not placed either. */
    private boolean mayBeDeletedBy(long returnNanos) {
        int low = 0;
        int high = deleteCalls.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean inTime = deleteCalls.get(middle) <= returnNanos;
            low = inTime ? middle + 1 : low;
            high = inTime ? high : middle;
        }
        return deletesLeft > deleteCalls.size() - low;
    }

    /** The next read, as far as {@link #isHopeless} has seen. */
    Optional<Piece> next() {
        return sights.stream().skip(sightsPlaced).map(sight -> sight.piece).findFirst();
    }

    private boolean leadsTo(int value, int seen) {
        if (value == seen || !grows) {
            return value == seen;
        }
        if (values.isAbsent(value) || values.isAbsent(seen)) {
            return values.isAbsent(value);
        }
        return !values.isUnread(value) && values.bytes(seen).startsWith(values.bytes(value));
    }

    private List<Piece> sources(Sight sight) {
        if (!sight.knowsSources) {
            List<Piece> found = new ArrayList<>();
            // Only a delete makes it absent, and deletes are counted.
            if (grows && !values.isAbsent(sight.value)) {
                addPutsOfBeginnings(values.bytes(sight.value), found);
            } else if (!values.isAbsent(sight.value)) {
                found.addAll(puts.getOrDefault(values.bytes(sight.value), List.of()));
            }
            found.removeIf(piece -> piece.callNanos() > sight.piece.returnNanos);
            sight.sources = List.copyOf(found);
            sight.knowsSources = true;
        }
        return sight.sources;
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
