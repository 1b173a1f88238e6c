package io.kvd.core.raft;

import io.kvd.core.base.Bytes;

/**
 * One member of a configuration.
 *
 * @param nodeId never reused within the cluster
 * @param storeId the 128-bit identity of its data directory: a node whose directory was wiped is
 *     another member
 * @param name for people
 * @param peerAddress {@code host:port} where the other members reach it
 * @param clientAddress {@code host:port} that clients are told
 * @param suffrage whether it votes and counts
 * @param features the feature levels that its program can apply
 */
public record Member(
        long nodeId,
        Bytes storeId,
        String name,
        String peerAddress,
        String clientAddress,
        Suffrage suffrage,
        FeatureRange features) {

    /** A learner receives the log but neither votes nor counts towards a quorum (thesis §4.2.1). */
    public enum Suffrage {
        VOTER,
        LEARNER
    }

    /** Feature levels {@code min} to {@code max}, both inclusive. */
    public record FeatureRange(int min, int max) {}
}
