package io.kvd.simulator.plan;

import io.kvd.core.client.ClientCall.WriteMode;

/**
 * One step of a client's programme.
 *
 * @param thinkNanos after the step before it was begun, or after there is room for another operation
 * @param key number of the key
 * @param span of a range: how many keys it covers
 * @param amount of a write: how long its value is at least; what it means for other kinds, they say
 */
public record Step(
        long thinkNanos, Kind kind, int key, int span, int amount, int timeoutMs, WriteMode mode) {

    /** What it does. */
    public enum Kind {
        PUT,
        DELETE,
        /** Compare-and-set that expects what this client saw last. */
        SWAP,
        /** Compare-and-set that expects the key to be absent. */
        CREATE,
        /** Compare-and-set that expects a revision that never was. */
        SWAP_WRONG,
        GET,
        RANGE,
        /** Range with a limit, {@code amount}, that goes on where the answer ended, to the end. */
        PAGES,
        /** Range of keys without their values. */
        KEYS,
        /** How many keys the range holds. */
        COUNT,
        /** How many keys there are from a key on. */
        COUNT_REST,
        /** So many gets at once as {@code amount}. */
        BURST,
        STALE_GET,
        STALE_RANGE,
        /** Wants the revision that this client was told last, and {@code amount} more. */
        AT_LEAST_GET,
        AT_LEAST_RANGE,
        /** Wants a revision that no store can reach: one that is negative where it is taken for signed. */
        AT_LEAST_NEVER,
        /** Wants what is at most {@code amount} milliseconds old. */
        BOUNDED_GET,
        BOUNDED_RANGE,
        BOUNDED_COUNT,
        /** Opens a session besides the client's own, with nonce number {@code amount}. */
        OPEN_SESSION,
        /** Closes the session that the client opened with that nonce. */
        CLOSE_SESSION,
        KEEP_SESSION_ALIVE;

        /** Whether {@code amount} is a length of a value. */
        public boolean writesValue() {
            return this == PUT || this == SWAP || this == CREATE || this == SWAP_WRONG;
        }
    }
}
