package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Lives;
import io.kvd.core.codec.Remembered;

import java.util.List;

/**
 * Who this data directory belongs to.
 *
 * @param clusterName the name in the configuration when the directory was made: another name is another cluster
 * @param clusterId 16 bytes; {@link Bytes#EMPTY} while unborn
 * @param storeId 16 bytes, drawn at random when the directory was made
 * @param lives one more at each start
 * @param bootstrap the bootstrap configuration's bytes, which name every initial member's directory; empty while
 *     unborn
 * @param peers what this node remembers of other members, ascending by node id
 * @param olderCopy how it was found to be an older copy, so that it never starts again; empty if it was not
 */
public record NodeRecord(
        String clusterName,
        Bytes clusterId,
        long nodeId,
        Bytes storeId,
        Lives lives,
        Bytes bootstrap,
        List<RememberedPeer> peers,
        String olderCopy) {
    public NodeRecord {
        peers = List.copyOf(peers);
    }

    /** The record of a node that remembers nobody. */
    public NodeRecord(
            String clusterName,
            Bytes clusterId,
            long nodeId,
            Bytes storeId,
            Lives lives,
            Bytes bootstrap) {
        this(clusterName, clusterId, nodeId, storeId, lives, bootstrap, List.of(), "");
    }

    /** A memory of one other member. */
    public record RememberedPeer(long nodeId, Remembered remembered) {}

    /** Written by this version; a reader of an older minReaderVersion refuses. */
    public static final int FORMAT_VERSION = 1;

    /** The oldest program format that can read what this version writes. */
    public static final int MIN_READER_VERSION = 1;

    public boolean born() {
        return !clusterId.isEmpty();
    }

    /** The number of the last start. */
    public long incarnation() {
        return lives.incarnation();
    }

    /** The identity that peers are told. */
    public PeerIdentity identity() {
        return new PeerIdentity(nodeId, storeId, lives.last());
    }

    /** In its next life. */
    public NodeRecord startedAgain(long nonce) {
        return new NodeRecord(
                clusterName,
                clusterId,
                nodeId,
                storeId,
                lives.next(nonce),
                bootstrap,
                peers,
                olderCopy);
    }

    public NodeRecord bornInto(Bytes newClusterId, Bytes newBootstrap) {
        return new NodeRecord(
                clusterName, newClusterId, nodeId, storeId, lives, newBootstrap, peers, olderCopy);
    }

    public NodeRecord remembering(List<RememberedPeer> others) {
        return new NodeRecord(
                clusterName, clusterId, nodeId, storeId, lives, bootstrap, others, olderCopy);
    }

    /** Found to be an older copy. */
    public NodeRecord refusedFor(String how) {
        return new NodeRecord(
                clusterName, clusterId, nodeId, storeId, lives, bootstrap, peers, how);
    }
}
