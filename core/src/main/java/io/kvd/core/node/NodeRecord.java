package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Remembered;

import java.util.List;

/**
 * Who this data directory belongs to.
 *
 * @param clusterName the name in the configuration when the directory was made: another name is another cluster
 * @param clusterId 16 bytes; {@link Bytes#EMPTY} while unborn
 * @param storeId 16 bytes, drawn at random when the directory was made
 * @param incarnation grows by one at each start
 * @param bootstrap the bootstrap configuration's bytes, which name every initial member's directory; empty while
 *     unborn
 * @param peers what this node remembers of other members, ascending by node id
 */
public record NodeRecord(
        String clusterName,
        Bytes clusterId,
        long nodeId,
        Bytes storeId,
        long incarnation,
        Bytes bootstrap,
        List<RememberedPeer> peers) {
    public NodeRecord {
        peers = List.copyOf(peers);
    }

    /** Of a node that remembers nobody. */
    public NodeRecord(
            String clusterName,
            Bytes clusterId,
            long nodeId,
            Bytes storeId,
            long incarnation,
            Bytes bootstrap) {
        this(clusterName, clusterId, nodeId, storeId, incarnation, bootstrap, List.of());
    }

    /** What is remembered of one other member. */
    public record RememberedPeer(long nodeId, Remembered remembered) {}

    /** Written by this version; a reader of an older minReaderVersion refuses. */
    public static final int FORMAT_VERSION = 1;

    /** The oldest program format that can read what this version writes. */
    public static final int MIN_READER_VERSION = 1;

    public boolean born() {
        return !clusterId.isEmpty();
    }

    public NodeRecord withIncarnation(long next) {
        return new NodeRecord(clusterName, clusterId, nodeId, storeId, next, bootstrap, peers);
    }

    public NodeRecord bornInto(Bytes newClusterId, Bytes newBootstrap) {
        return new NodeRecord(
                clusterName, newClusterId, nodeId, storeId, incarnation, newBootstrap, peers);
    }

    public NodeRecord remembering(List<RememberedPeer> others) {
        return new NodeRecord(
                clusterName, clusterId, nodeId, storeId, incarnation, bootstrap, others);
    }
}
