package io.kvd.core.raft;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bytes of log entries that something is still to happen to, released in log order: a bound's
 * bookkeeping.
 */
final class Outstanding {
    private record Part(long lastIndex, int bytes) {}

    private final Deque<Part> parts = new ArrayDeque<>();
    private long bytes;

    void add(long lastIndex, int partBytes) {
        parts.addLast(new Part(lastIndex, partBytes));
        bytes += partBytes;
    }

    /** A part counts until its last entry is released. */
    void releaseTo(long index) {
        while (!parts.isEmpty() && parts.peekFirst().lastIndex() <= index) {
            bytes -= parts.removeFirst().bytes();
        }
    }

    Account account(String what) {
        long held = 0;
        for (Part part : parts) {
            held += part.bytes();
        }
        return new Account(what, bytes, held);
    }

    long bytes() {
        return bytes;
    }
}
