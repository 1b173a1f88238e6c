package io.kvd.core.raft;

/**
 * What a message about a snapshot says: a part of it, or how far its receiver is. That is the matter of who makes,
 * sends and stores snapshots; the algorithm decides only who is heard, and when.
 */
public interface SnapshotPiece {}
