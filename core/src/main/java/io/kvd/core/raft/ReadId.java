package io.kvd.core.raft;

/**
 * One linearizable read's identity, unique over restarts: an answer to another incarnation is
 * dropped, so a round is never confirmed by an answer to an older one.
 */
public record ReadId(long incarnation, long counter) {}
