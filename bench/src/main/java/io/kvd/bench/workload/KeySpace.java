package io.kvd.bench.workload;

import io.kvd.core.base.Bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * The numbered keys of one store: those that were loaded, and those inserted since. Keys are ordered as their numbers
 * are, and all of one length. Thread-safe.
 */
public final class KeySpace {
    private static final byte[] TEMPLATE = "key-0000000000".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 10;

    private final long loaded;
    /** The number of the next key to be inserted. */
    private long next;
    /** All keys below are there. */
    private long acknowledged;
    /** Inserted keys above, whose predecessors are still under way. */
    private final TreeSet<Long> ahead = new TreeSet<>();

    /** @param loaded the keys 0 to this (exclusive) are there */
    public KeySpace(long loaded) {
        this.loaded = loaded;
        this.next = loaded;
        this.acknowledged = loaded;
    }

    /** Fourteen bytes. */
    public static Bytes key(long number) {
        byte[] key = Arrays.copyOf(TEMPLATE, TEMPLATE.length);
        long rest = number;
        for (int i = 1; i <= DIGITS; i++) {
            key[key.length - i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return Bytes.of(key);
    }

    /** How many keys there were at first. */
    public long loaded() {
        return loaded;
    }

    /** The number of a key that is not there and that nobody else inserts. */
    synchronized long claim() {
        return next++;
    }

    /** The key with this number, which was claimed, is there now. */
    public synchronized void inserted(long number) {
        ahead.add(number);
        while (ahead.remove(acknowledged)) {
            acknowledged++;
        }
    }

    /** How many keys are there, without a gap. */
    synchronized long size() {
        return acknowledged;
    }
}
