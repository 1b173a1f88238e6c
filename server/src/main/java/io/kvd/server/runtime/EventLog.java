package io.kvd.server.runtime;

import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.InitialCluster.InitialMember;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.raft.NodeId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Writes what happens in the loops to the log, as far as an operator cares. What can repeat is said once, or once a
 * minute with a count. Called on the raft thread only; the log's queue keeps it from waiting.
 */
public final class EventLog implements NodeEvents {
    /** How the line of a new leader begins; a demo waits for it. */
    static final String BECAME_LEADER = "became leader";

    private static final Logger log = LoggerFactory.getLogger("kvd.raft");

    private final InitialCluster cluster;
    private final LongSupplier clock;
    private final RepeatLimit limit = new RepeatLimit();
    private final Set<Long> waitedFor = new HashSet<>();

    public EventLog(InitialCluster cluster) {
        this(cluster, System::nanoTime);
    }

    /**
     * @param clock nanoseconds
     */
    EventLog(InitialCluster cluster, LongSupplier clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    @Override
    public void happened(Event event) {
        if (event instanceof RoleTaken taken) {
            roleTaken(taken);
        } else if (event instanceof WaitingForContact waiting) {
            if (waitedFor.add(waiting.nodeId())) {
                log.info(
                        "waiting for first contact with {} ({})",
                        waiting.name(),
                        waiting.peerAddress());
            }
        } else if (event instanceof NodeEvents.ConfigurationDiffers differs) {
            configurationDiffers(differs);
        } else if (event instanceof NodeEvents.TakenForAMember taken) {
            takenForAMember(taken);
        } else if (event instanceof Born born) {
            log.info(
                    "cluster born clusterId={} decider={}",
                    born.clusterId().toHex(),
                    switch (born.decider()) {
                        case THIS_NODE -> "this node";
                        case ANOTHER_NODE -> "another node";
                    });
        } else if (event instanceof StoreRefused refused) {
            storeRefused(refused);
        } else if (event instanceof MessageDropped dropped) {
            messageDropped(dropped);
        } else if (event instanceof MessageRefused refused) {
            messageRefused(refused);
        } else if (event instanceof LogCut cut) {
            log.debug(
                    "cut the log group={} logStart={} logBytes={}",
                    cut.groupId(),
                    cut.logStart(),
                    cut.logBytes());
        } else if (event instanceof LeadershipHandedOver over) {
            log.info("handed leadership over group={} to={}", over.groupId(), name(over.toNode()));
        } else if (event instanceof NodeEvents.SnapshotSent sent) {
            log.info(
                    "{} group={} to={} last={} bytes={}",
                    switch (sent.step()) {
                        case BEGUN -> "sends a snapshot";
                        case INSTALLED -> "sent a snapshot";
                        case NOT_NEEDED -> "need not send a snapshot any more";
                        case OVERTAKEN -> "sends the next snapshot, the log left this one behind";
                        case GIVEN_UP -> "gave up sending a snapshot";
                    },
                    sent.groupId(),
                    name(sent.toNode()),
                    sent.last(),
                    sent.bytes());
        } else if (event instanceof NodeEvents.SnapshotReceived received) {
            snapshotReceived(received);
        } else if (event instanceof Persisted) {
            // Each turn has one: for metrics.
        } else {
            throw new AssertionError("unhandled " + event);
        }
    }

    private void takenForAMember(NodeEvents.TakenForAMember taken) {
        if (limit.admit(NodeEvents.TakenForAMember.class, clock.getAsLong()).isPresent()) {
            log.warn(
                    "founds no cluster of its own: {} takes this node for a member of theirs, but cluster.peers here"
                            + " names no other; start it with the list of the others",
                    taken.by());
        }
    }

    private void configurationDiffers(NodeEvents.ConfigurationDiffers differs) {
        if (limit.admit(differs, clock.getAsLong()).isPresent()) {
            log.warn(
                    "the cluster is not born: {} is not the same on all members, here \"{}\", on {} \"{}\"; repair"
                            + " the wrong one and start that member again",
                    differs.key(),
                    differs.ours(),
                    name(differs.nodeId()),
                    differs.theirs());
        }
    }

    private void snapshotReceived(NodeEvents.SnapshotReceived received) {
        switch (received.step()) {
            case BEGUN ->
                log.info(
                        "receives a snapshot group={} from={} last={} bytes={}",
                        received.groupId(),
                        name(received.fromNode()),
                        received.last(),
                        received.bytes());
            case INSTALLED ->
                log.info(
                        "installed a snapshot group={} from={} last={} bytes={}",
                        received.groupId(),
                        name(received.fromNode()),
                        received.last(),
                        received.bytes());
            case GIVEN_UP ->
                log.warn(
                        "gave up a snapshot: {} group={} from={} last={}",
                        received.reason(),
                        received.groupId(),
                        name(received.fromNode()),
                        received.last());
        }
    }

    private void messageDropped(MessageDropped dropped) {
        if (dropped.fromNode() == cluster.selfId()) {
            // To a peer that is down or slow; the line on the connection says so, and Raft sends
            // again.
            log.debug("dropped a message of its own reason={}", dropped.reason());
            return;
        }
        OptionalLong suppressed = limit.admit(dropped, clock.getAsLong());
        suppressed.ifPresent(count -> log.warn(
                "dropped a message from={} reason={} droppedSinceLastLine={}",
                name(dropped.fromNode()),
                dropped.reason(),
                count));
    }

    private record Broken(long fromNode, String rule) {}

    private void messageRefused(MessageRefused refused) {
        limit.admit(new Broken(refused.fromNode(), refused.rule()), clock.getAsLong())
                .ifPresent(count -> log.warn(
                        "refused a message of {} and closed its connection: it {}; that member is faulty, or something"
                                + " speaks in its name message={} refusedSinceLastLine={}",
                        name(refused.fromNode()),
                        refused.rule(),
                        refused.message(),
                        count));
    }

    private void roleTaken(RoleTaken taken) {
        long group = taken.groupId();
        long term = taken.term();
        switch (taken.role()) {
            case LEADER ->
                log.info(
                        BECAME_LEADER + " group={} term={} lastIndex={}",
                        group,
                        term,
                        taken.last().index());
            case CANDIDATE ->
                log.info("stands for election group={} term={} last={}", group, term, taken.last());
            case PRE_CANDIDATE ->
                log.debug(
                        "asks whether it could be elected group={} term={} last={}",
                        group,
                        term,
                        taken.last());
            case FOLLOWER -> {
                if (taken.leaderId() == NodeId.NONE) {
                    log.info("knows no leader group={} term={}", group, term);
                } else {
                    log.info("follows {} group={} term={}", name(taken.leaderId()), group, term);
                }
            }
        }
    }

    private void storeRefused(StoreRefused refused) {
        if (limit.admit(refused, clock.getAsLong()).isEmpty()) {
            return;
        }
        switch (refused.side()) {
            case REFUSED ->
                log.error(
                        "refused by the cluster: it knows this node with another data directory, so this one is new, was"
                                + " wiped, or belongs to another member; put the right one back, or replace this member:"
                                + " the others go on without it storeId={} knownStoreId={}",
                        refused.actualStoreId().toHex(),
                        refused.knownStoreId().toHex());
            case REFUSING ->
                log.warn(
                        "refused {}: it comes with another data directory than this cluster knows for it, which was wiped"
                                + " or swapped; put the right one back there, or replace that member"
                                + " storeId={} knownStoreId={}",
                        name(refused.nodeId()),
                        refused.actualStoreId().toHex(),
                        refused.knownStoreId().toHex());
        }
    }

    private String name(long nodeId) {
        return cluster.members().stream()
                .filter(member -> member.nodeId() == nodeId)
                .map(InitialMember::name)
                .findFirst()
                .orElse("node " + nodeId);
    }
}
