package io.kvd.server.metrics;

/**
 * When requests that went the same way together reached each stage, on {@link System#nanoTime}; a stage that they did
 * not pass is 0.
 *
 * @param takenNanos the turn that took them in began
 * @param persistedNanos this node's fsync was done
 * @param readyNanos a write was committed and handed to apply; a read's round was confirmed and what it must see is
 *     applied
 * @param doneNanos the answer existed
 */
public record RequestTimes(
        Op op, long takenNanos, long persistedNanos, long readyNanos, long doneNanos) {
    /** Of requests that were answered without being carried out. */
    public static final RequestTimes NONE = new RequestTimes(Op.NONE, 0, 0, 0, 0);

    /** What requests are told apart by. */
    public enum Op {
        WRITE,
        READ,
        /** A count: it takes as long as its range is large. */
        COUNT,
        NONE
    }

    /** A read or a count that was answered. */
    public static RequestTimes read(Op op, long readyNanos, long doneNanos) {
        return new RequestTimes(op, 0, 0, readyNanos, doneNanos);
    }

    static RequestTimes persisted(long takenNanos, long persistedNanos) {
        return new RequestTimes(Op.WRITE, takenNanos, persistedNanos, 0, 0);
    }

    RequestTimes ready(long nowNanos) {
        return new RequestTimes(op, takenNanos, persistedNanos, nowNanos, 0);
    }

    /** Their answers exist now. */
    public RequestTimes done(long nowNanos) {
        return new RequestTimes(op, takenNanos, persistedNanos, readyNanos, nowNanos);
    }
}
