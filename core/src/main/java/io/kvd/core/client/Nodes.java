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

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> byAddress = new TreeMap<>();
    private final int maxAddresses;

    /** Where writes and linearizable reads go; a guess unless {@link #leaderKnown}. */
    private Node presumed;

    /** Somebody named the presumed leader, or it served a write, and nothing spoke against it since. */
    private boolean leaderKnown;

    Nodes(List<String> endpoints) {
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
    }

    /** Somebody else says that the leader is at this address. */
    void hinted(String address) {
        at(address).ifPresent(this::leads);
    }

    /** A member list names a leader: worth a try if nothing better is known. */
    void leaderMaybe(String address) {
        if (!leaderKnown) {
            at(address).ifPresent(node -> presumed = node);
        }
    }

    /** The node says it does not lead, or can't be reached: try the next one, unless somebody already moved on. */
    void doesNotLead(Node node) {
        if (presumed == node) {
            rotate();
        }
    }

    /** A member list names this node; an address of a node that is known under another one is only an alias. */
    void learn(long nodeId, String address) {
        Optional<Node> known = byNodeId(nodeId);
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

    /** Another entry for the node that this one turned out to be in the handshake. */
    Optional<Node> twinOf(Node node) {
        for (Node other : nodes) {
            if (other != node && other.nodeId != 0 && other.nodeId == node.nodeId) {
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

    private Optional<Node> byNodeId(long nodeId) {
        for (Node node : nodes) {
            if (nodeId != 0 && node.nodeId == nodeId) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    private void rotate() {
        leaderKnown = false;
        int from = nodes.indexOf(presumed);
        Node next = nodes.get((from + 1) % nodes.size());
        for (int i = 1; i <= nodes.size(); i++) {
            Node node = nodes.get((from + i) % nodes.size());
            if (!node.isBackingOff()) {
                presumed = node;
                return;
            }
            if (node.wakeNanos - next.wakeNanos < 0) {
                next = node;
            }
        }
        presumed = next;
    }

    private Node add(String address) {
        Node node = new Node(address);
        nodes.add(node);
        byAddress.put(address, node);
        return node;
    }
}
