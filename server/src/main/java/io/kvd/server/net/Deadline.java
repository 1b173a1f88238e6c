package io.kvd.server.net;

import java.util.concurrent.TimeUnit;

/** A point on the nanosecond clock, or none. Owned by one thread. */
final class Deadline {
    private boolean set;
    private long atNanos;

    /** Sets it {@code ms} milliseconds after {@code nowNanos}. */
    void set(long nowNanos, long ms) {
        set = true;
        atNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    void clear() {
        set = false;
    }

    boolean isSet() {
        return set;
    }

    boolean hasPassed(long nowNanos) {
        return set && nowNanos - atNanos >= 0;
    }
}
