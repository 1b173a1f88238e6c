package io.kvd.core.raft;

/** The read may be served from a state that applied {@code readIndex} (thesis §6.4). */
public record ConfirmedRead(ReadId id, long readIndex) {}
