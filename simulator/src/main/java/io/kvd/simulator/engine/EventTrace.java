package io.kvd.simulator.engine;

import java.util.Locale;

/**
 * What happened, as one number that two runs have in common exactly if all their events are the same, and on demand
 * as a readable line an event. One thread.
 */
public final class EventTrace {
    /** So many events lie between two {@link Reader#checkpoint}s. */
    public static final int CHECKPOINT_EVENTS = 1_000;

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private final Reader reader;
    private final Detail detail;
    private long hash;
    private long eventCount;

    /** Who follows the trace. */
    public interface Reader {
        Reader NOBODY = new Reader() {};

        /** One event, or one remark on it. */
        default void line(String line) {}

        /** The hash so far, every {@value EventTrace#CHECKPOINT_EVENTS} events. */
        default void checkpoint(long eventCount, long hash) {}
    }

    /** Whether lines are made at all. */
    public enum Detail {
        HASH_ONLY,
        LINES
    }

    public EventTrace(Reader reader, Detail detail) {
        this.reader = reader;
        this.detail = detail;
    }

    /** Nobody reads it; the hash is made all the same. */
    public static EventTrace unread() {
        return new EventTrace(Reader.NOBODY, Detail.HASH_ONLY);
    }

    public long hash() {
        return hash;
    }

    public long eventCount() {
        return eventCount;
    }

    /** Whether {@link #remark} has a reader: what it costs to make a line is spent only then. */
    public boolean isRead() {
        return detail == Detail.LINES;
    }

    void begins(Event event) {
        mix(event.atNanos());
        mix(event.kind().hashCode());
        mix(event.fingerprint());
        eventCount++;
        if (detail == Detail.LINES) {
            reader.line(stamp(event.atNanos()) + " " + event.kind() + " " + event.describe());
        }
        if (eventCount % CHECKPOINT_EVENTS == 0) {
            reader.checkpoint(eventCount, hash);
        }
    }

    /** Something that the event brought about: a line of its own, indented. Not part of the hash; see {@link #mix}. */
    public void remark(String line) {
        if (detail == Detail.LINES) {
            reader.line("               " + line);
        }
    }

    /** Takes a number into the hash. */
    public void mix(long value) {
        hash = (Long.rotateLeft(hash, 23) ^ value) * MULTIPLIER;
    }

    /** Virtual time, in seconds to the microsecond. */
    public static String stamp(long nanos) {
        return String.format(Locale.ROOT, "%13.6fs", nanos / 1e9);
    }
}
