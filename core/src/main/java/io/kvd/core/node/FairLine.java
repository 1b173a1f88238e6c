package io.kvd.core.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What waits, in one line for each connection. The connections take turns, so one that has brought much waits for
 * itself and not the others for it (round robin, as in fair queueing: Nagle, RFC 970). Owned by one thread at a time.
 */
final class FairLine<T> {
    private final TreeMap<Long, ArrayDeque<T>> lines = new TreeMap<>();
    /** Every connection that has a line, once, the next one first. */
    private final ArrayDeque<Long> turns = new ArrayDeque<>();

    private int size;

    void add(long connectionId, T item) {
        ArrayDeque<T> line = lines.get(connectionId);
        if (line == null) {
            line = new ArrayDeque<>();
            lines.put(connectionId, line);
            turns.addLast(connectionId);
        }
        line.addLast(item);
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

    /** The connection whose turn it is. */
    Optional<Long> turn() {
        return Optional.ofNullable(turns.peekFirst());
    }

    /** The oldest that waits of the connection whose turn it is. */
    T first() {
        return lines.get(turns.getFirst()).getFirst();
    }

    /** Removes and returns {@link #first}; the next connection has its turn. */
    T take() {
        long connectionId = turns.removeFirst();
        ArrayDeque<T> line = lines.get(connectionId);
        T taken = line.removeFirst();
        size--;
        if (line.isEmpty()) {
            lines.remove(connectionId);
        } else {
            turns.addLast(connectionId);
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
        lines.values()
                .forEach(line -> line.removeIf(item -> {
                    boolean goes = isSo.test(item);
                    if (goes) {
                        taken.add(item);
                    }
                    return goes;
                }));
        lines.values().removeIf(ArrayDeque::isEmpty);
        turns.removeIf(connectionId -> !lines.containsKey(connectionId));
        size -= taken.size();
        return taken;
    }
}
