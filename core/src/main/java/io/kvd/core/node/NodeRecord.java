package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import java.util.List;

/**
 * Who this data directory belongs to.
 *
 * @param clusterId 16 bytes; {@link Bytes#EMPTY} while unborn
 * @param storeId 16 bytes, drawn at random when the directory was made
 * @param incarnation grows by one at each start
 * @param storeIds the initial members' directories, as the bootstrap entry names them; empty while unborn
 */
public record NodeRecord(Bytes clusterId, long nodeId, Bytes storeId, long incarnation, List<StoreOf> storeIds) {
    /** Written by this version; a reader of an older minReaderVersion refuses. */
    public static final int FORMAT_VERSION = 1;

    /** The oldest program format that can read what this version writes. */
    public static final int MIN_READER_VERSION = 1;

    public NodeRecord {
        storeIds = List.copyOf(storeIds);
    }

    public boolean born() {
        return !clusterId.isEmpty();
    }

    public NodeRecord withIncarnation(long next) {
        return new NodeRecord(clusterId, nodeId, storeId, next, storeIds);
    }

    /** Which data directory a node id stands for. */
    public record StoreOf(long nodeId, Bytes storeId) {}
}
