package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;
import io.kvd.core.raft.EntryId;

/**
 * What the state says of itself; written with every batch (P3).
 *
 * @param groupId whose state it is
 * @param applied the last entry in it
 * @param revision of the keyspace, after that entry
 * @param compactedRevision what is below can't be read any more; 0 = nothing was compacted
 * @param featureLevel what entries mean (P7)
 * @param lastLogTimeMs the largest log time of an applied entry
 * @param rowSum the part of the state hash that sums over rows
 * @param chain the part of the state hash that chains changes
 * @param configuration the newest applied CONFIG entry's payload; empty before the first one
 */
record MetaRow(
        long groupId,
        EntryId applied,
        long revision,
        long compactedRevision,
        int featureLevel,
        long lastLogTimeMs,
        Hash128 rowSum,
        Hash128 chain,
        Bytes configuration) {

    /** Of a group to which nothing happened yet: a keyspace starts at revision 1. */
    static MetaRow atBirth(long groupId) {
        Hash128 rowSum = StateHash.ofConfiguration(Bytes.EMPTY)
                .plus(StateHash.ofCompactedRevision(0))
                .plus(StateHash.ofFeatureLevel(FeatureLevel.FIRST));
        return new MetaRow(
                groupId,
                EntryId.NONE,
                1,
                0,
                FeatureLevel.FIRST,
                0,
                rowSum,
                Hash128.ZERO,
                Bytes.EMPTY);
    }
}
