package io.kvd.simulator.linearizability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How many operations that are not placed yet read, may write, or depend on each value; what that says about states. */
final class Tally {
    private final Problem problem;
    private final Values values;
    private final int[] readers;
    private final int[] writers;
    private final int[] mentions;
    /** Of each key that is appended to. */
    private final Map<Integer, Growth> growths = new TreeMap<>();

    Tally(Problem problem) {
        this.problem = problem;
        this.values = problem.values();
        int size = values.size();
        this.readers = new int[size];
        this.writers = new int[size];
        this.mentions = new int[size];
        List<Piece> pieces = new ArrayList<>(problem.required());
        problem.optional().forEach(pieces::addAll);
        problem.appended().stream()
                .forEach(key -> growths.put(key, new Growth(key, values, pieces)));
        pieces.forEach(piece -> count(piece, 1));
    }

    void place(Piece piece) {
        count(piece, -1);
    }

    void unplace(Piece piece) {
        count(piece, 1);
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; !growths.isEmpty() && i < reads.size(); i++) {
            Growth growth = growths.get(reads.key(i));
            if (growth != null) {
                growth.giveBack(piece);
            }
        }
    }

    private void count(Piece piece, int by) {
        Footprint footprint = piece.footprint;
        for (int value : footprint.writtenValues()) {
            writers[value] += by;
        }
        for (int value : footprint.mentions()) {
            mentions[value] += by;
            Growth growth = growths.get(values.key(value));
            if (growth != null) {
                growth.mention(value, by);
            }
        }
        if (piece.isRequired()) {
            for (int value : footprint.reads().values()) {
                if (value != Footprint.ANY) {
                    readers[value] += by;
                }
            }
        }
    }

    /** Whether somebody who is not placed must still find the value, and nobody is left to write it. */
    boolean isLost(int value) {
        return value < readers.length
                && readers[value] > 0
                && writers[value] == 0
                && !problem.appended().get(values.key(value));
    }

    /** Whether a value of the key makes no difference any more to what may come next, but for being there. */
    boolean isUnread(int value) {
        if (values.isAbsent(value)) {
            return false;
        }
        Growth growth = growths.get(values.key(value));
        return growth == null ? mentions[value] == 0 : growth.isUnread(value);
    }

    /** Whether the piece, which was placed last, makes it impossible to place what must follow. */
    boolean isDeadEnd(Piece piece, StoreState before, StoreState after) {
        for (int key : piece.footprint.writes()) {
            if (before.value(key) != after.value(key) && isLost(before.value(key))) {
                return true;
            }
        }
        return !growths.isEmpty() && isOvergrown(piece, after);
    }

    private boolean isOvergrown(Piece piece, StoreState after) {
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; i < reads.size(); i++) {
            if (isOvergrown(reads.key(i), after)) {
                return true;
            }
        }
        for (int key : piece.footprint.writes()) {
            if (isOvergrown(key, after)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOvergrown(int key, StoreState after) {
        Growth growth = growths.get(key);
        return growth != null && growth.isOvergrown(after.value(key));
    }

    /** If the piece, which was placed last, is a dead end: one that must follow and can't any more. */
    Optional<Piece> blinded(Piece piece, StoreState before, StoreState after) {
        for (int key : piece.footprint.writes()) {
            int old = before.value(key);
            if (old != after.value(key) && isLost(old)) {
                return problem.required().stream()
                        .filter(other -> !other.placed
                                && Arrays.stream(other.footprint.reads().values())
                                        .anyMatch(value -> value == old))
                        .findFirst();
            }
        }
        return Arrays.stream(piece.footprint.writes())
                .filter(key -> isOvergrown(key, after))
                .mapToObj(key -> Optional.ofNullable(growths.get(key)).flatMap(Growth::next))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The state with values that became unread through the piece, which led to it, made equal. */
    StoreState forget(StoreState state, Piece piece) {
        StoreState after = state;
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; i < reads.size(); i++) {
            after = forget(after, reads.key(i));
        }
        for (int key : piece.footprint.writes()) {
            after = forget(after, key);
        }
        return after;
    }

    private StoreState forget(StoreState state, int key) {
        int value = state.value(key);
        return !values.isUnread(value) && isUnread(value)
                ? state.unread(key, values.unread(key))
                : state;
    }
}
