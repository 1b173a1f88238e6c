package io.kvd.core.client;

import io.kvd.core.base.Check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The nodes this client knows, and which of them it takes for the leader. Several addresses may lead to one node.
 * Invariant: {@code presumed} is in {@code nodes}, which is never empty.
 */
final class Nodes {
    /** Addresses learned beyond the configured ones: far more than a group has members. */
    static final int MAX_LEARNED = 64;

    private final List<String> endpoints;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> byAddress = new TreeMap<>();
    private final int maxAddresses;

    /** Where writes and linearizable reads go; a guess unless {@link #leaderKnown}. */
    private Node presumed;

    /** Somebody named the presumed leader, or it served a write, and nothing spoke against it since. */
    private boolean leaderKnown;

    /** The leader, as somebody said last and nobody denied since; 0 = not known. */
    private long leaderId;

    Nodes(List<String> endpoints) {
        this.endpoints = endpoints;
        for (String endpoint : endpoints) {
            if (!byAddress.containsKey(endpoint)) {
                add(endpoint);
            }
        }
        maxAddresses = byAddress.size() + MAX_LEARNED;
        presumed = nodes.get(0);
    }

    List<Node> all() {
        return nodes;
    }

    /** The node at the address, which becomes known if it was not and there is room. */
    Optional<Node> at(String address) {
        Node known = byAddress.get(address);
        if (known != null) {
            return Optional.of(known);
        }
        if (byAddress.size() >= maxAddresses) {
            forgetOne();
        }
        return byAddress.size() < maxAddresses ? Optional.of(add(address)) : Optional.empty();
    }

    /** The node of the connection; empty if that connection is over. */
    Optional<Node> ofConnection(long connection) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).connection == connection) {
                return Optional.of(nodes.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * Whom to ask what only a leader can do: the presumed leader or, while that one can't be reached, the next that may
     * be; if none may, the one that will be dialled again first.
     */
    Node leader() {
        if (presumed.isBackingOff()) {
            rotate();
        }
        return presumed;
    }

    /**
     * Whom to ask what any replica can do: the first, in the order of the endpoints, that is up, else that may be; a
     * call that was sent away before asks further down the list.
     */
    Node any(int attemptsBefore) {
        if (attemptsBefore == 0) {
            for (Node node : nodes) {
                if (node.isUp()) {
                    return node;
                }
            }
        }
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get((attemptsBefore + i) % nodes.size());
            if (!node.isBackingOff()) {
                return node;
            }
        }
        return leader();
    }

    boolean allUnreachable() {
        for (Node node : nodes) {
            if (!node.isUnreachable()) {
                return false;
            }
        }
        return true;
    }

    /** The node served a write: it leads. */
    void leads(Node node) {
        presumed = node;
        leaderKnown = true;
        leaderId = node.nodeId;
    }

    /**
     * Somebody else says that the leader is this node, at this address. A connection that we have to that very node
     * counts for more than the address, which may mean something to members only, or be one of long ago; and an address
     * that can't be reached, or leads to another node, keeps us from none of the others.
     *
     * @param nodeId 0 = not told
     */
    void hinted(long nodeId, String address) {
        leaderId = nodeId;
        Optional<Node> connected = upWithId(nodeId);
        if (connected.isPresent()) {
            presume(connected.get());
            return;
        }
        Optional<Node> there = at(address);
        boolean isAnother = there.isPresent()
                && nodeId != 0
                && there.get().isUp()
                && there.get().nodeId != nodeId;
        if (there.isPresent() && !isAnother) {
            presume(there.get());
        }
        if (isAnother || presumed.isBackingOff()) {
            rotate();
        }
    }

    private void presume(Node node) {
        presumed = node;
        leaderKnown = true;
    }

    /**
     * The node just came up. If it is the leader that we look for at another address, which does not answer yet, it is
     * presumed to lead from now on.
     *
     * @return what was presumed to lead before; empty if nothing changed
     */
    Optional<Node> foundLeader(Node node) {
        Node before = presumed;
        if (leaderId == 0 || node == before || node.nodeId != leaderId || before.isUp()) {
            return Optional.empty();
        }
        presume(node);
        return Optional.of(before);
    }

    /**
     * Endpoints of the user's list that may be the leader that was named, while the address that was named with it does
     * not answer: nobody knows yet which nodes they are. None if the leader may well be where it was said to be.
     */
    List<Node> mayBeLeader() {
        boolean isPlausible =
                presumed.isUp() || (endpoints.contains(presumed.address) && !presumed.unreachable);
        List<Node> unknown = new ArrayList<>();
        if (leaderId != 0 && !isPlausible) {
            for (String endpoint : endpoints) {
                Node node = byAddress.get(endpoint);
                if (node != null && node.state == Node.State.IDLE && node != presumed) {
                    unknown.add(node);
                }
            }
        }
        return unknown;
    }

    /** A member list names a leader: worth a try if nothing better is known. */
    void leaderMaybe(long nodeId, String address) {
        if (!leaderKnown) {
            hinted(nodeId, address);
            leaderKnown = false;
        }
    }

    /** The node says it does not lead, or can't be reached: try the next one, unless somebody already moved on. */
    void doesNotLead(Node node) {
        if (node.isUp() && node.nodeId == leaderId) {
            leaderId = 0;
        }
        if (presumed == node) {
            rotate();
        }
    }

    /** A member list names this node; an address of a node that we are connected with is only an alias. */
    void learn(long nodeId, String address) {
        Optional<Node> known = upWithId(nodeId);
        if (known.isPresent()
                && !byAddress.containsKey(address)
                && byAddress.size() < maxAddresses) {
            byAddress.put(address, known.get());
            return;
        }
        at(address).ifPresent(node -> {
            if (node.nodeId == 0) {
                node.nodeId = nodeId;
            }
        });
    }

    /**
     * The node is about to be not connected any more. If it led, nobody is known to lead now; and its other addresses may
     * lead elsewhere by now: each is what it was before, an endpoint of its own or unknown.
     */
    void disconnected(Node node) {
        if (node.isUp() && node.nodeId == leaderId) {
            leaderId = 0;
        }
        List<String> aliases = new ArrayList<>();
        byAddress.forEach((address, known) -> {
            if (known == node && !address.equals(node.address)) {
                aliases.add(address);
            }
        });
        for (String alias : aliases) {
            byAddress.remove(alias);
            if (endpoints.contains(alias)) {
                add(alias);
            }
        }
    }

    /** Makes room for an address by forgetting one that was learned and is of no use now. */
    private void forgetOne() {
        for (Node node : nodes) {
            boolean isIdle =
                    !node.isUp() && node.state != Node.State.CONNECTING && node.waiting.isEmpty();
            if (isIdle && node != presumed && !endpoints.contains(node.address)) {
                nodes.remove(node);
                byAddress.values().removeIf(known -> known == node);
                return;
            }
        }
    }

    /** Another entry for the node that this one turned out to be in the handshake. */
    Optional<Node> twinOf(Node node) {
        for (Node other : nodes) {
            // A member list may say old things about an address that the user gave.
            boolean isSure = other.isUp() || !endpoints.contains(other.address);
            if (other != node && other.nodeId != 0 && other.nodeId == node.nodeId && isSure) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    /** Lets all addresses of {@code gone} lead to {@code kept}. */
    void merge(Node gone, Node kept) {
        Check.that(gone != kept, "merging %s with itself", kept.address);
        nodes.remove(gone);
        byAddress.replaceAll((address, node) -> node == gone ? kept : node);
        if (presumed == gone) {
            presumed = kept;
        }
    }

    private Optional<Node> upWithId(long nodeId) {
        for (Node node : nodes) {
            if (nodeId != 0 && node.isUp() && node.nodeId == nodeId) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    /**
     * Presumes another node: the one that was named, if we are connected with it; else, if somebody was named, one that we
     * are not connected with, which may be it; else the next one.
     */
    private void rotate() {
        leaderKnown = false;
        int from = nodes.indexOf(presumed);
        Node next = nodes.get((from + 1) % nodes.size());
        Node best = presumed;
        int bestRank = 0;
        for (int i = 1; i <= nodes.size(); i++) {
            Node node = nodes.get((from + i) % nodes.size());
            int rank = node.isBackingOff() ? 0 : rank(node);
            if (rank > bestRank) {
                best = node;
                bestRank = rank;
            }
            if (node.wakeNanos - next.wakeNanos < 0) {
                next = node;
            }
        }
        presumed = bestRank > 0 ? best : next;
    }

    /** How likely the node leads, as far as it was told who does. */
    private int rank(Node node) {
        if (leaderId == 0) {
            return 1;
        }
        if (!node.isUp()) {
            return 2;
        }
        return node.nodeId == leaderId ? 3 : 1;
    }

    private Node add(String address) {
        Node node = new Node(address);
        nodes.add(node);
        byAddress.put(address, node);
        return node;
    }
}
