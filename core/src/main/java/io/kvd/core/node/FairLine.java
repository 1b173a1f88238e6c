package io.kvd.core.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What waits, in one line for each connection. The connections take turns, so one that has brought much waits for
 * itself and not the others for it (round robin, as in fair queueing: Nagle, RFC 970). Owned by one thread at a time.
 */
final class FairLine<T> {
    private final TreeMap<Long, Line<T>> lines = new TreeMap<>();
    /** Every line, once, the one whose turn it is first. */
    private final ArrayDeque<Line<T>> turns = new ArrayDeque<>();

    private int size;

    /** The requests that one connection has brought, oldest first; never empty. */
    private record Line<T>(long connectionId, ArrayDeque<T> items) {}

    void add(long connectionId, T item) {
        Line<T> line = lines.computeIfAbsent(connectionId, id -> {
            Line<T> added = new Line<>(id, new ArrayDeque<>());
            turns.addLast(added);
            return added;
        });
        line.items.addLast(item);
        size++;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** How many connections have something in the line. */
    int connections() {
        return turns.size();
    }

    /** The oldest that waits of the connection whose turn it is. */
    T first() {
        return turns.getFirst().items.getFirst();
    }

    /** Removes and returns {@link #first}; the next connection has its turn. */
    T take() {
        Line<T> line = turns.removeFirst();
        T taken = line.items.removeFirst();
        size--;
        if (line.items.isEmpty()) {
            lines.remove(line.connectionId);
        } else {
            turns.addLast(line);
        }
        return taken;
    }

    /** The connection whose turn it is gives it to the next one. */
    void pass() {
        turns.addLast(turns.removeFirst());
    }

    /** Removes and returns all that are so. */
    List<T> takeAll(Predicate<T> isSo) {
        List<T> taken = new ArrayList<>();
        for (Line<T> line : turns) {
            line.items.removeIf(item -> {
                boolean goes = isSo.test(item);
                if (goes) {
                    taken.add(item);
                }
                return goes;
            });
        }
        turns.removeIf(line -> line.items.isEmpty());
        lines.values().removeIf(line -> line.items.isEmpty());
        size -= taken.size();
        return taken;
    }
}
