package io.kvd.core.raft;

/**
 * A bound's bookkeeping, to be audited: what it has booked, and what is held under it, counted anew.
 *
 * @param what is counted, in the plural
 */
public record Account(String what, long booked, long held) {}
