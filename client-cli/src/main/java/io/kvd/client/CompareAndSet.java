package io.kvd.client;

/**
 * How a compare-and-set ended; a mismatch is an answer, not an error.
 *
 * @param currentModRevision of the key now: the new one if it succeeded, else the one that did not match (0 = absent)
 */
public record CompareAndSet(boolean succeeded, long currentModRevision) {}
