package io.kvd.client;

import io.kvd.core.base.Bytes;

import java.util.Arrays;

/**
 * Keys from {@code from} (inclusive) to {@code to} (exclusive), in unsigned byte order.
 *
 * @param from at least one byte
 * @param to the first key that is not in the range; one zero byte means that there is none
 */
public record KeyRange(Bytes from, Bytes to) {
    /** The smallest key there can be; as an end, no end. */
    private static final Bytes ZERO = Bytes.of(new byte[] {0});

    private static final byte LARGEST = (byte) 0xff;

    public KeyRange {
        if (from.isEmpty() || to.isEmpty()) {
            throw new IllegalArgumentException("a range needs a first key and an end");
        }
    }

    /** Every key. */
    public static KeyRange all() {
        return new KeyRange(ZERO, ZERO);
    }

    /** The key itself and all that come after it. */
    public static KeyRange startingAt(Bytes key) {
        return new KeyRange(key, ZERO);
    }

    /** The keys that begin with the prefix, which may be empty. */
    public static KeyRange prefix(Bytes prefix) {
        int length = prefix.length();
        while (length > 0 && prefix.byteAt(length - 1) == LARGEST) {
            length--;
        }
        if (prefix.isEmpty()) {
            return all();
        }
        if (length == 0) {
            return startingAt(prefix);
        }
        byte[] end = Arrays.copyOf(prefix.toArray(), length);
        end[length - 1]++;
        return new KeyRange(prefix, Bytes.of(end));
    }

    /** The same, for a prefix of text. */
    public static KeyRange prefix(String prefix) {
        return prefix(Bytes.utf8(prefix));
    }
}
