package io.kvd.server.net;

import io.kvd.core.node.NodeInput;
import io.kvd.core.node.PeerIdentity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The connections that peers dialled to this node. A peer uses one at a time: the one that it spoke on last. Until it
 * spoke on a connection that one replaces nothing, since a node that finds itself at a wrong address leaves again
 * without a word; few such may wait. Callable on any thread.
 */
final class InboundPeers {
    /** Connections of one peer that it has not spoken on. */
    private static final int MAX_SILENT = 4;

    private final NetContext context;
    private final Predicate<PeerIdentity> isStranger;
    /** Guarded by this, the deques too. */
    private final Map<Long, Deque<PeerHandler>> silent = new HashMap<>();
    /** Guarded by this. */
    private final Map<Long, PeerHandler> speaking = new HashMap<>();
    /** Guarded by this. */
    private boolean closed;

    /** @param isStranger whether a living connection of ours leads to another directory of that node */
    InboundPeers(NetContext context, Predicate<PeerIdentity> isStranger) {
        this.context = context;
        this.isStranger = isStranger;
    }

    /** A peer's connection is past its handshake. */
    synchronized void opened(PeerHandler peer) {
        Deque<PeerHandler> waiting =
                silent.computeIfAbsent(peer.nodeId(), id -> new ArrayDeque<>());
        waiting.addLast(peer);
        if (waiting.size() > MAX_SILENT) {
            waiting.removeFirst().leave();
        }
    }

    /**
     * The peer spoke on it for the first time: it has given up the connection that it used before. Unless that one is of
     * another directory, or of a later life: then this is somebody else in the peer's name, who replaces nothing, and
     * whose end is no loss.
     */
    synchronized void spoke(PeerHandler peer) {
        Optional<PeerIdentity> before =
                Optional.ofNullable(speaking.get(peer.nodeId())).map(PeerHandler::identity);
        boolean isPeer = !isStranger.test(peer.identity())
                && before.map(b -> peer.identity().equals(b) || peer.identity().succeeds(b))
                        .orElse(true);
        if (!isPeer) {
            context.grievances()
                    .report(
                            Grievance.NOT_THE_MEMBER,
                            peer.remote(),
                            "node " + peer.nodeId() + ", store "
                                    + peer.identity().storeId().toHex());
            peer.leave();
            return;
        }
        forgetSilent(peer);
        Optional.ofNullable(speaking.put(peer.nodeId(), peer)).ifPresent(PeerHandler::leave);
    }

    /** The connection is gone. If it was the one in use, so may be the peer. */
    void closed(PeerHandler peer) {
        boolean lost;
        synchronized (this) {
            forgetSilent(peer);
            lost = speaking.remove(peer.nodeId(), peer) && !closed;
        }
        if (lost) {
            context.doors().inbox().accept(new NodeInput.PeerLost(peer.nodeId()));
        }
    }

    /** The node is no member any more: ends its connections. */
    synchronized void remove(long nodeId) {
        Optional.ofNullable(silent.remove(nodeId))
                .ifPresent(waiting -> waiting.forEach(PeerHandler::leave));
        Optional.ofNullable(speaking.remove(nodeId)).ifPresent(PeerHandler::leave);
    }

    /** That life of the peer broke a rule: ends its connections. */
    synchronized void leave(PeerIdentity peer) {
        silent.getOrDefault(peer.nodeId(), new ArrayDeque<>()).stream()
                .filter(handler -> handler.identity().equals(peer))
                .forEach(PeerHandler::leave);
        Optional.ofNullable(speaking.get(peer.nodeId()))
                .filter(handler -> handler.identity().equals(peer))
                .ifPresent(PeerHandler::leave);
    }

    /** From now on connections end because this node stops: nobody is lost. */
    synchronized void close() {
        closed = true;
    }

    private void forgetSilent(PeerHandler peer) {
        Deque<PeerHandler> waiting = silent.getOrDefault(peer.nodeId(), new ArrayDeque<>());
        waiting.remove(peer);
        if (waiting.isEmpty()) {
            silent.remove(peer.nodeId());
        }
    }
}
