package io.kvd.simulator.scenario;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Check;
import io.kvd.core.codec.Life;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.raft.NodeId;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The protocol's ids as nodes of a cluster: an id is four hex digits, and its node id is one more, since no node is 0.
 * Everybody knows everybody's directory beforehand: it is a memory, and no replica returns.
 */
final class Members {
    private static final long FIRST_LIFE = 1;

    private final String ownId;
    private final TreeMap<Long, String> ids = new TreeMap<>();

    Members(String ownId, List<String> others) {
        this.ownId = ownId;
        ids.put(nodeId(ownId), ownId);
        for (String other : others) {
            boolean isNew = ids.put(nodeId(other), other) == null;
            Check.that(isNew, "replica %s is there twice", other);
        }
    }

    String ownId() {
        return ownId;
    }

    boolean contains(String id) {
        return ids.containsValue(id);
    }

    /** {@link Datagram#UNKNOWN} for nobody. */
    String id(long nodeId) {
        return nodeId == NodeId.NONE ? Datagram.UNKNOWN : ids.getOrDefault(nodeId, "");
    }

    static long nodeId(String id) {
        Check.that(
                Datagram.isId(id) && !id.equals(Datagram.UNKNOWN),
                "%s is no id: 4 hex digits, but not %s",
                id,
                Datagram.UNKNOWN);
        return Integer.parseInt(id, 16) + 1L;
    }

    PeerIdentity identity(String id) {
        return new PeerIdentity(nodeId(id), storeId(nodeId(id)), new Life(FIRST_LIFE, nodeId(id)));
    }

    InitialCluster cluster() {
        List<InitialCluster.InitialMember> members = new ArrayList<>();
        for (Map.Entry<Long, String> id : ids.entrySet()) {
            members.add(new InitialCluster.InitialMember(
                    id.getKey(), id.getValue(), id.getValue(), id.getValue()));
        }
        return new InitialCluster("datagrams", nodeId(ownId), members);
    }

    List<Bytes> storeIds() {
        List<Bytes> storeIds = new ArrayList<>();
        for (long nodeId : ids.keySet()) {
            storeIds.add(storeId(nodeId));
        }
        return storeIds;
    }

    private static Bytes storeId(long nodeId) {
        return new BytesWriter(2 * Long.BYTES).putLong(0).putLong(nodeId).toBytes();
    }
}
