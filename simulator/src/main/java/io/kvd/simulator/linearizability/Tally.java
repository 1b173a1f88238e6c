package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** How many operations that are not placed yet read, may write, or depend on each value; what that says about states. */
final class Tally {
    private final Problem problem;
    private final Values values;
    private final int[] readers;
    private final int[] writers;
    private final int[] mentions;
    /** By key. */
    private final List<Outlook> outlooks = new ArrayList<>();

    Tally(Problem problem) {
        this.problem = problem;
        this.values = problem.values();
        int size = values.size();
        this.readers = new int[size];
        this.writers = new int[size];
        this.mentions = new int[size];
        for (int key = 0; key < problem.keys().size(); key++) {
            outlooks.add(new Outlook(values, problem.appended().get(key)));
        }
        List<Piece> pieces = new ArrayList<>(problem.required());
        problem.optional().forEach(pieces::addAll);
        pieces.forEach(this::addToOutlooks);
        completeOutlooks(pieces);
        pieces.forEach(piece -> count(piece, 1));
    }

    private void addToOutlooks(Piece piece) {
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; piece.isRequired() && i < reads.size(); i++) {
            if (reads.value(i) != Footprint.ANY) {
                outlooks.get(reads.key(i)).addSight(piece, reads.value(i));
            }
        }
        for (int value : piece.footprint.writtenValues()) {
            outlooks.get(values.key(value)).addWrite(piece, value);
        }
    }

    private void completeOutlooks(List<Piece> pieces) {
        Map<Integer, TreeSet<Bytes>> named = new HashMap<>();
        for (Piece piece : pieces) {
            for (int value : piece.footprint.mentions()) {
                if (problem.appended().get(values.key(value))) {
                    named.computeIfAbsent(values.key(value), key -> new TreeSet<>())
                            .add(values.bytes(value));
                }
            }
        }
        for (int key = 0; key < outlooks.size(); key++) {
            outlooks.get(key).complete(named.getOrDefault(key, new TreeSet<>()));
        }
    }

    void place(Piece piece) {
        count(piece, -1);
    }

    void unplace(Piece piece) {
        count(piece, 1);
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; i < reads.size(); i++) {
            outlooks.get(reads.key(i)).giveBack(piece);
        }
    }

    private void count(Piece piece, int by) {
        Footprint footprint = piece.footprint;
        for (int value : footprint.writtenValues()) {
            writers[value] += by;
            if (values.isAbsent(value)) {
                outlooks.get(values.key(value)).delete(by);
            }
        }
        for (int value : footprint.mentions()) {
            mentions[value] += by;
            outlooks.get(values.key(value)).mention(value, by);
        }
        if (piece.isRequired()) {
            Footprint.Reads reads = footprint.reads();
            for (int i = 0; i < reads.size(); i++) {
                if (reads.value(i) != Footprint.ANY) {
                    readers[reads.value(i)] += by;
                }
                if (reads.revision(i) != Response.NOT_TOLD) {
                    outlooks.get(reads.key(i)).see(reads.revision(i), by);
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

    /** Whether the change of a key loses a value, or a revision, which no other change will have. */
    private boolean loses(int key, Cell old, Cell now) {
        if (old.value() != now.value() && isLost(old.value())) {
            return true;
        }
        return problem.told().any()
                && !old.isOpen()
                && !old.equals(now)
                && outlooks.get(key).isToBeSeen(old.lowRevision());
    }

    /** Whether a value of the key makes no difference any more to what may come next, but for being there. */
    boolean isUnread(int value) {
        if (values.isAbsent(value)) {
            return false;
        }
        int key = values.key(value);
        return problem.appended().get(key)
                ? outlooks.get(key).isUnread(value)
                : mentions[value] == 0;
    }

    /** Whether the piece, which was placed last, makes it impossible to place what must follow. */
    boolean isDeadEnd(Piece piece, StoreState before, StoreState after) {
        for (int key : piece.footprint.writes()) {
            Cell old = before.cell(key);
            if (loses(key, old, after.cell(key))
                    || outlooks.get(key).isHopeless(after.value(key))) {
                return true;
            }
        }
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; i < reads.size(); i++) {
            if (outlooks.get(reads.key(i)).isHopeless(after.value(reads.key(i)))) {
                return true;
            }
        }
        return false;
    }

    /** If the piece, which was placed last, is a dead end: one that must follow and can't any more. */
    Optional<Piece> blinded(Piece piece, StoreState before, StoreState after) {
        for (int key : piece.footprint.writes()) {
            Cell old = before.cell(key);
            if (loses(key, old, after.cell(key))) {
                return problem.required().stream()
                        .filter(other -> !other.placed && sees(other, key, old))
                        .findFirst();
            }
        }
        return Arrays.stream(piece.footprint.writes())
                .filter(key -> outlooks.get(key).isHopeless(after.value(key)))
                .mapToObj(key -> outlooks.get(key).next())
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static boolean sees(Piece piece, int key, Cell cell) {
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; i < reads.size(); i++) {
            if (reads.key(i) == key
                    && (reads.value(i) == cell.value()
                            || reads.revision(i) == cell.lowRevision())) {
                return true;
            }
        }
        return false;
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
