package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers for what a key may hold: (key, bytes), so that states compare numbers. The first numbers say that a key is
 * absent, the next that it holds something which nothing will look at any more.
 */
final class Values {
    private final int keys;
    private final Map<Value, Integer> numbers = new HashMap<>();
    private final List<Value> values = new ArrayList<>();
    private final Map<Value, Map<Integer, Integer>> appended = new HashMap<>();

    record Value(int key, Bytes bytes) {}

    Values(int keys) {
        this.keys = keys;
        for (int i = 0; i < 2 * keys; i++) {
            values.add(new Value(i % keys, Bytes.EMPTY));
        }
    }

    static int absent(int key) {
        return key;
    }

    /** A value of the key that is there, and of which no more is known because no more is needed. */
    int unread(int key) {
        return keys + key;
    }

    boolean isAbsent(int value) {
        return value < keys;
    }

    boolean isUnread(int value) {
        return value >= keys && value < 2 * keys;
    }

    int of(int key, Bytes bytes) {
        return numbers.computeIfAbsent(new Value(key, bytes), value -> {
            values.add(value);
            return values.size() - 1;
        });
    }

    /** The value that {@code value} becomes with the suffix behind it. */
    int append(int value, int key, Bytes suffix) {
        if (isUnread(value)) {
            return value;
        }
        return appended.computeIfAbsent(new Value(key, suffix), s -> new HashMap<>())
                .computeIfAbsent(value, old -> of(key, join(bytes(old), suffix)));
    }

    int key(int value) {
        return values.get(value).key();
    }

    Bytes bytes(int value) {
        return values.get(value).bytes();
    }

    /** All numbers so far are below. */
    int size() {
        return values.size();
    }

    private static Bytes join(Bytes first, Bytes second) {
        byte[] joined = new byte[first.length() + second.length()];
        System.arraycopy(first.array(), first.offset(), joined, 0, first.length());
        System.arraycopy(second.array(), second.offset(), joined, first.length(), second.length());
        return Bytes.of(joined);
    }
}
