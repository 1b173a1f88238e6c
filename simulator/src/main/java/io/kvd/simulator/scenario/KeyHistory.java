package io.kvd.simulator.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * What one client put under a key of its own, and when. Judges what a get of it may return: a value that was put, was
 * not certainly overwritten before the get began, and is not older than what an earlier get returned.
 */
final class KeyHistory {
    private static final long NEVER = Long.MAX_VALUE;

    /** One put, however often it was sent. Ended by the first ok. */
    static final class Put {
        private final String value;
        private final long begunNanos;
        private long endedNanos = NEVER;

        private Put(String value, long begunNanos) {
            this.value = value;
            this.begunNanos = begunNanos;
        }

        private boolean isBefore(Put other) {
            return endedNanos < other.begunNanos;
        }
    }

    /** What a get returned, and when. */
    private record Seen(Put put, long atNanos) {}

    private final List<Put> puts = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();

    /** @param value no other put has it */
    Put begin(String value, long nowNanos) {
        Put put = new Put(value, nowNanos);
        puts.add(put);
        return put;
    }

    void end(Put put, long nowNanos) {
        put.endedNanos = Math.min(put.endedNanos, nowNanos);
    }

    boolean isAcknowledged() {
        return puts.stream().anyMatch(put -> put.endedNanos != NEVER);
    }

    /** Whether a get that took this long may return the value. */
    boolean mayReturn(String value, long begunNanos, long nowNanos) {
        for (Put put : puts) {
            if (put.value.equals(value)) {
                boolean isOverwritten = puts.stream()
                        .anyMatch(other -> put.isBefore(other) && other.endedNanos < begunNanos);
                boolean isOlder = seen.stream()
                        .anyMatch(earlier ->
                                earlier.atNanos() < begunNanos && put.isBefore(earlier.put()));
                seen.add(new Seen(put, nowNanos));
                return !isOverwritten && !isOlder;
            }
        }
        return false;
    }
}
