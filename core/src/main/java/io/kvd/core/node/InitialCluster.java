package io.kvd.core.node;

import io.kvd.core.base.Check;
import io.kvd.core.codec.Hello;

import java.util.ArrayList;
import java.util.List;

/**
 * The members that a cluster is born with, as every one of them is told at its start. After birth the log says who
 * the members are; this only says who this node is.
 *
 * @param selfId this node
 * @param members ascending by node id; one of them is this node
 * @param founding when a cluster of one is born
 */
public record InitialCluster(
        String name, long selfId, List<InitialMember> members, Founding founding) {
    /** When a node that knows of no other member makes a cluster of its own. */
    public enum Founding {
        /** It was told that it is alone. */
        AT_ONCE,
        /** It was told nothing: once nobody took it for a member of theirs for a while. */
        WHEN_UNCLAIMED
    }

    public InitialCluster(String name, long selfId, List<InitialMember> members) {
        this(name, selfId, members, Founding.AT_ONCE);
    }

    public InitialCluster {
        members = List.copyOf(members);
        long previous = 0;
        for (InitialMember member : members) {
            Check.that(
                    member.nodeId() > previous,
                    "initial members out of order at %d",
                    member.nodeId());
            previous = member.nodeId();
        }
        Check.that(contains(members, selfId), "node %d is not among the initial members", selfId);
    }

    public record InitialMember(
            long nodeId, String name, String peerAddress, String clientAddress) {}

    public InitialMember self() {
        return members.stream().filter(m -> m.nodeId() == selfId).findFirst().orElseThrow();
    }

    public List<InitialMember> others() {
        List<InitialMember> others = new ArrayList<>(members);
        others.removeIf(m -> m.nodeId() == selfId);
        return others;
    }

    /** The configuration that this node tells the others. */
    Hello.Settings settings() {
        List<String> peers = new ArrayList<>();
        for (InitialMember member : members) {
            peers.add(member.name() + "=" + member.peerAddress());
        }
        return new Hello.Settings(name, self().peerAddress(), self().clientAddress(), peers);
    }

    /** The member with the lowest id decides on the birth: one decider, so that there is one cluster. */
    public boolean selfDecides() {
        return members.get(0).nodeId() == selfId;
    }

    private static boolean contains(List<InitialMember> members, long nodeId) {
        return members.stream().anyMatch(m -> m.nodeId() == nodeId);
    }
}
