package io.kvd.core.kv;

/**
 * One file of a snapshot.
 *
 * @param name without a directory; what it means is the store's own matter
 */
public record SnapshotFile(String name, long sizeBytes) {}
