package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.codec.Hello;
import io.kvd.core.codec.Remembered;
import io.kvd.core.raft.Configuration;
import io.kvd.core.raft.Member;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a cluster begins, and how a wiped member is kept from voting as if it remembered.
 *
 * <p>A node with an empty directory is unborn: it neither votes, campaigns nor acknowledges. The initial member with
 * the lowest id, once it has seen <em>all</em> others unborn, decides: it makes the table of who is which directory.
 * The others adopt the table if it names their own directory. An unborn member that meets a born one which knows
 * another directory for it was wiped: it is refused. Without this, a wiped node and a lagging one elect a leader and
 * lose acknowledged writes, since Raft's votes presume that nobody forgets (Raft §5.2, Figure 2 persistent state).
 *
 * <p>Owned by the raft thread; sends and persists nothing itself: {@link Step} says what to do.
 */
final class Birth {
    /** How often an unborn node asks again, and says for whom it waits. */
    private static final int ASK_TICKS = 100;

    /** Members that list this node dial it at least once a second. */
    private static final int UNCLAIMED_TICKS = 150;

    private final InitialCluster cluster;
    private final MemberAddresses addresses;
    private NodeRecord self;
    /** The directories of others that were seen unborn by this process, by node id. */
    private final TreeMap<Long, Bytes> seenUnborn = new TreeMap<>();

    /** How the configuration of an unborn member that this process met differs from its own, by node id. */
    private final TreeMap<Long, NodeEvents.ConfigurationDiffers> differing = new TreeMap<>();

    private int ticksToAsk = ASK_TICKS;
    /** How long a node that was told of no others still waits for somebody who lists it; 0 = no more. */
    private int ticksToFound;
    /** The node that took this one for a member last; empty if none did. */
    private String claimedBy = "";

    /**
     * What to do now.
     *
     * @param founding persist this birth, then announce it with {@link #born}; at most one
     * @param refused this node was refused for good
     */
    record Step(
            List<Hello> hellos,
            List<NodeEvents.Event> events,
            List<Bootstrap> founding,
            boolean refused) {
        static final Step NOTHING = new Step(List.of(), List.of(), List.of(), false);
    }

    Birth(InitialCluster cluster, NodeRecord self, MemberAddresses addresses) {
        this.cluster = cluster;
        this.addresses = addresses;
        this.ticksToFound =
                cluster.founding() == InitialCluster.Founding.AT_ONCE ? 0 : UNCLAIMED_TICKS;
        this.self = self;
    }

    /** At start: a cluster of one is born at once. */
    Step start() {
        return decideIfAllSeen();
    }

    /**
     * Our connection to a peer is up: say who we are, and ask. A stranger is reported now, since it may end as soon as
     * it has heard us.
     */
    Step connected(PeerIdentity peer) {
        return new Step(
                List.of(hello(peer.nodeId(), Hello.Purpose.ASK)), refusing(peer), List.of(), false);
    }

    /** Somebody who lists this node was refused: while they go on, this node founds no cluster of its own. */
    Step claimed(String by) {
        if (self.born() || cluster.founding() == InitialCluster.Founding.AT_ONCE) {
            return Step.NOTHING;
        }
        ticksToFound = 2 * UNCLAIMED_TICKS;
        claimedBy = by;
        return new Step(List.of(), List.of(new NodeEvents.TakenForAMember(by)), List.of(), false);
    }

    /** The node that keeps this one from founding a cluster of its own; empty if none does. */
    String claimedBy() {
        return self.born() || ticksToFound == 0 ? "" : claimedBy;
    }

    /** Asks a member who it is, and what it remembers of this node. */
    Hello ask(long nodeId) {
        return hello(nodeId, Hello.Purpose.ASK);
    }

    Step tick() {
        if (!self.born() && ticksToFound > 0 && --ticksToFound == 0) {
            return decideIfAllSeen();
        }
        if (self.born() || --ticksToAsk > 0) {
            return Step.NOTHING;
        }
        ticksToAsk = ASK_TICKS;
        List<Hello> hellos = new ArrayList<>();
        List<NodeEvents.Event> events = new ArrayList<>();
        for (InitialCluster.InitialMember other : cluster.others()) {
            hellos.add(hello(other.nodeId(), Hello.Purpose.ASK));
            if (!seenUnborn.containsKey(other.nodeId())) {
                events.add(new NodeEvents.WaitingForContact(
                        other.nodeId(), other.name(), other.peerAddress()));
            }
        }
        return new Step(hellos, events, List.of(), false);
    }

    /** Members that were never seen, while unborn. */
    List<InitialCluster.InitialMember> waitingFor() {
        List<InitialCluster.InitialMember> unseen = new ArrayList<>(cluster.others());
        unseen.removeIf(other -> self.born() || seenUnborn.containsKey(other.nodeId()));
        return unseen;
    }

    Step received(PeerIdentity from, Hello hello) {
        if (!isOf(from, hello)) {
            return new Step(
                    List.of(),
                    List.of(new NodeEvents.MessageDropped(
                            from.nodeId(), "hello is not of its connection's node")),
                    List.of(),
                    false);
        }
        return self.born()
                ? new Step(answer(hello), refusing(from), List.of(), false)
                : receivedWhenUnborn(hello);
    }

    /** Whether the sender says of itself what its connection says of it. */
    static boolean isOf(PeerIdentity from, Hello hello) {
        return from.equals(
                new PeerIdentity(hello.from(), hello.storeId(), hello.lives().last()));
    }

    /** The founding was persisted: from now on this node belongs to the cluster. Tells the others. */
    Step born(NodeRecord record) {
        self = record;
        List<Hello> hellos = new ArrayList<>();
        for (InitialCluster.InitialMember other : cluster.others()) {
            hellos.add(hello(other.nodeId(), Hello.Purpose.ANSWER));
        }
        NodeEvents.Who decider =
                cluster.selfDecides() ? NodeEvents.Who.THIS_NODE : NodeEvents.Who.ANOTHER_NODE;
        return new Step(
                hellos,
                List.of(new NodeEvents.Born(record.clusterId(), decider)),
                List.of(),
                false);
    }

    /** What to say of a peer with another directory than this cluster, if there is one yet, knows for it. */
    private List<NodeEvents.Event> refusing(PeerIdentity peer) {
        if (!self.born()) {
            return List.of();
        }
        Bytes known = knownStore(Bootstrap.decode(self.bootstrap()).configuration(), peer.nodeId());
        return known.equals(peer.storeId())
                ? List.of()
                : List.of(new NodeEvents.StoreRefused(
                        peer.nodeId(), known, peer.storeId(), NodeEvents.Side.REFUSING));
    }

    private Step receivedWhenUnborn(Hello hello) {
        if (hello.born() == Hello.Birthmark.UNBORN) {
            Optional<NodeEvents.ConfigurationDiffers> difference = difference(hello);
            if (difference.isPresent()) {
                // A cluster of members that don't agree who and where they are would be one until
                // the first failure.
                seenUnborn.remove(hello.from());
                differing.put(hello.from(), difference.get());
                return new Step(answer(hello), List.of(difference.get()), List.of(), false);
            }
            differing.remove(hello.from());
            seenUnborn.put(hello.from(), hello.storeId());
            Step decision = decideIfAllSeen();
            return new Step(answer(hello), decision.events(), decision.founding(), false);
        }
        Bootstrap bootstrap;
        try {
            bootstrap = Bootstrap.decode(hello.bootstrap());
        } catch (DamagedException damaged) {
            return new Step(
                    List.of(),
                    List.of(new NodeEvents.MessageDropped(
                            hello.from(), "hello with a damaged bootstrap")),
                    List.of(),
                    false);
        }
        Bytes known = knownStore(bootstrap.configuration(), self.nodeId());
        if (known.equals(self.storeId())) {
            return new Step(List.of(), List.of(), List.of(bootstrap), false);
        }
        NodeEvents.Event refused = new NodeEvents.StoreRefused(
                self.nodeId(), known, self.storeId(), NodeEvents.Side.REFUSED);
        return new Step(answer(hello), List.of(refused), List.of(), true);
    }

    private Optional<NodeEvents.ConfigurationDiffers> difference(Hello hello) {
        Hello.Settings ours = cluster.settings();
        Hello.Settings theirs = hello.settings();
        if (!ours.clusterName().equals(theirs.clusterName())) {
            return Optional.of(new NodeEvents.ConfigurationDiffers(
                    hello.from(), "cluster.name", ours.clusterName(), theirs.clusterName()));
        }
        return ours.peers().equals(theirs.peers())
                ? Optional.empty()
                : Optional.of(new NodeEvents.ConfigurationDiffers(
                        hello.from(),
                        "cluster.peers",
                        String.join(", ", ours.peers()),
                        String.join(", ", theirs.peers())));
    }

    /** What the member would have to be configured with for this cluster to be born; empty if nothing is known. */
    Optional<NodeEvents.ConfigurationDiffers> difference(long nodeId) {
        return Optional.ofNullable(differing.get(nodeId));
    }

    private Step decideIfAllSeen() {
        if (ticksToFound > 0) {
            return Step.NOTHING;
        }
        if (self.born() || !cluster.selfDecides() || !waitingFor().isEmpty()) {
            return Step.NOTHING;
        }
        List<Bytes> storeIds = new ArrayList<>();
        for (InitialCluster.InitialMember initial : cluster.members()) {
            storeIds.add(seenUnborn.getOrDefault(initial.nodeId(), self.storeId()));
        }
        return new Step(List.of(), List.of(), List.of(Bootstrap.of(cluster, storeIds)), false);
    }

    private List<Hello> answer(Hello hello) {
        return hello.purpose() == Hello.Purpose.ASK
                ? List.of(hello(hello.from(), Hello.Purpose.ANSWER))
                : List.of();
    }

    private Hello hello(long to, Hello.Purpose purpose) {
        return new Hello(
                self.nodeId(),
                to,
                self.storeId(),
                self.born() ? Hello.Birthmark.BORN : Hello.Birthmark.UNBORN,
                self.bootstrap(),
                purpose,
                cluster.settings(),
                addresses.told(),
                self.lives(),
                Remembered.NOTHING);
    }

    private static Bytes knownStore(Configuration configuration, long nodeId) {
        Optional<Member> member = configuration.member(nodeId);
        return member.map(Member::storeId).orElse(Bytes.EMPTY);
    }
}
