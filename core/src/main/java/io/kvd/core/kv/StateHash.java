package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;

/**
 * The hash that tells two replicas apart at equal applied index (docs/semantics.md), kept up to date by every change: a
 * sum over logical rows, which depends neither on their order nor on where batches end, plus a chain over the changes
 * of the keyspace, which also remembers what is gone. It sees divergence, not bit rot. Apply thread.
 */
final class StateHash {
    // Seeds of the logical rows that have no row of their own on disk.
    private static final Hash128 CONFIGURATION = Hash128.of(Bytes.utf8("configuration"));
    private static final Hash128 COMPACTED_REVISION = Hash128.of(Bytes.utf8("compacted revision"));
    private static final Hash128 FEATURE_LEVEL = Hash128.of(Bytes.utf8("feature level"));

    /** Sum of the hashes of all logical rows. */
    private Hash128 rowSum;

    /** Of every change since the birth, in order. */
    private Hash128 chain;

    StateHash(Hash128 rowSum, Hash128 chain) {
        this.rowSum = rowSum;
        this.chain = chain;
    }

    static Hash128 ofConfiguration(Bytes configuration) {
        return CONFIGURATION.then(configuration);
    }

    static Hash128 ofCompactedRevision(long compactedRevision) {
        return COMPACTED_REVISION.then(compactedRevision);
    }

    static Hash128 ofFeatureLevel(int featureLevel) {
        return FEATURE_LEVEL.then(featureLevel);
    }

    Hash128 rowSum() {
        return rowSum;
    }

    Hash128 chain() {
        return chain;
    }

    Hash128 value() {
        return rowSum.plus(chain);
    }

    void add(Hash128 row) {
        rowSum = rowSum.plus(row);
    }

    void remove(Hash128 row) {
        rowSum = rowSum.minus(row);
    }

    void replace(Hash128 before, Hash128 after) {
        rowSum = rowSum.minus(before).plus(after);
    }

    /** Chains one change of the keyspace: of a put the new row's hash, of a delete the key's. */
    void changed(long revision, Hash128 what) {
        chain = chain.then(revision).then(what.high()).then(what.low());
    }
}
