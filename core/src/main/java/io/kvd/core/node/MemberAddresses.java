package io.kvd.core.node;

import io.kvd.core.codec.Hello;
import io.kvd.core.raft.Member;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Where the members are now. A member's addresses are its own configuration, which it announces with each connection;
 * until it did, this node's own list of members is what there is; the table that the cluster was born with is the last
 * resort, since it says where members were then. Owned by the raft thread.
 */
final class MemberAddresses {
    private final TreeMap<Long, MemberAddress> configured = new TreeMap<>();
    private final TreeMap<Long, Hello.Location> told = new TreeMap<>();
    private final long selfId;

    /**
     * @param peer {@code host:port} where the other members reach it
     * @param client {@code host:port} that clients are told
     */
    record MemberAddress(String peer, String client) {}

    MemberAddresses(InitialCluster cluster) {
        this.selfId = cluster.selfId();
        for (InitialCluster.InitialMember member : cluster.members()) {
            configured.put(
                    member.nodeId(),
                    new MemberAddress(member.peerAddress(), member.clientAddress()));
        }
    }

    /**
     * A member told where it is, or another one told what it had said.
     *
     * @return whether that is news
     */
    boolean told(Hello.Location location) {
        Hello.Location known = told.get(location.nodeId());
        boolean isTold =
                !location.peerAddress().isEmpty() && !location.clientAddress().isEmpty();
        // Only those that can be members: what a stranger says takes no memory.
        boolean isNews = isTold
                && location.nodeId() != selfId
                && configured.containsKey(location.nodeId())
                && !location.equals(known)
                && (known == null || known.incarnation() <= location.incarnation());
        if (isNews) {
            told.put(location.nodeId(), location);
        }
        return isNews;
    }

    /** All that members told, for those that may have missed it. */
    List<Hello.Location> told() {
        return new ArrayList<>(told.values());
    }

    MemberAddress of(Member member) {
        return of(member.nodeId(), new MemberAddress(member.peerAddress(), member.clientAddress()));
    }

    /** Before the birth. */
    MemberAddress of(InitialCluster.InitialMember member) {
        return of(member.nodeId(), new MemberAddress(member.peerAddress(), member.clientAddress()));
    }

    private MemberAddress of(long nodeId, MemberAddress lastResort) {
        Hello.Location location = told.get(nodeId);
        return location == null
                ? configured.getOrDefault(nodeId, lastResort)
                : new MemberAddress(location.peerAddress(), location.clientAddress());
    }
}
