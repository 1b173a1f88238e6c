package io.kvd.simulator.plan;

import io.kvd.core.client.ClientCall.WriteMode;

/**
 * One step of a client's programme.
 *
 * @param thinkNanos after the step before it was begun, or after there is room for another operation
 * @param key number of the key
 * @param span of a range: how many keys it covers
 * @param valueBytes of a write: how long its value is at least
 */
public record Step(
        long thinkNanos,
        Kind kind,
        int key,
        int span,
        int valueBytes,
        int timeoutMs,
        WriteMode mode) {

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
        STALE_GET,
        STALE_RANGE
    }
}
