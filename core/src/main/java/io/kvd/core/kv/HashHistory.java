package io.kvd.core.kv;

import io.kvd.core.base.Hash128;

import java.util.Optional;
import java.util.TreeMap;

/**
 * State hashes of the past, for comparing replicas at one index: of the last 4,096 indexes, and of the last 4,096 that
 * 1,024 divides. In memory only; after a restart it begins with the applied index. Apply thread.
 */
final class HashHistory {
    static final int RECENT_INDEXES = 4_096;
    static final int SPARSE_STEP = 1_024;
    static final int SPARSE_INDEXES = 4_096;

    /** Hash of index i at i modulo its length; what has left the window is overwritten. */
    private final Hash128[] recent = new Hash128[RECENT_INDEXES];

    private final TreeMap<Long, Hash128> sparse = new TreeMap<>();
    /** The first index that was put. */
    private final long firstIndex;
    /** The last index that was put. */
    private long lastIndex;

    HashHistory(long index, Hash128 hash) {
        firstIndex = index;
        lastIndex = index;
        put(index, hash);
    }

    /** Indexes come without gaps. */
    void put(long index, Hash128 hash) {
        lastIndex = index;
        recent[(int) (index % RECENT_INDEXES)] = hash;
        if (index % SPARSE_STEP == 0) {
            sparse.put(index, hash);
            if (sparse.size() > SPARSE_INDEXES) {
                sparse.pollFirstEntry();
            }
        }
    }

    Optional<Hash128> at(long index) {
        if (index >= firstIndex && index <= lastIndex && index > lastIndex - RECENT_INDEXES) {
            return Optional.of(recent[(int) (index % RECENT_INDEXES)]);
        }
        return Optional.ofNullable(sparse.get(index));
    }
}
