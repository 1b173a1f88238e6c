package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.codec.PeerFrames;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.codec.Wire;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.raft.Message;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The connections that peers dialled to a process. As in production: a frame that does not decode, or speaks for
 * others, costs the connection; a peer uses one connection at a time, the one that it spoke on last.
 */
final class PeerInbox {
    private final NodeProcess self;
    /** All that are open, in the order of their opening. */
    private final List<PeerConnection> open = new ArrayList<>();
    /** By node id: the one in use. */
    private final TreeMap<Long, PeerConnection> speaking = new TreeMap<>();

    PeerInbox(NodeProcess self) {
        this.self = self;
    }

    void opened(PeerConnection connection) {
        open.add(connection);
        self.links()
                .to(connection.identity().nodeId())
                .ifPresent(link -> link.met(connection.identity()));
    }

    void arrived(PeerConnection connection, Bytes body) {
        if (self.isOver()) {
            connection.closedByListener();
            return;
        }
        self.guard(() -> {
            if (!take(connection.identity(), body)) {
                connection.closedByListener();
                closed(connection);
            } else if (connection.speaksFirst()) {
                spoke(connection);
            }
        });
    }

    /** A frame of long ago. */
    void replayed(PeerIdentity from, Bytes body) {
        self.guard(() -> take(from, body));
    }

    /** What no member sent, on its way through the codec. */
    void forged(PeerIdentity from, Message message) {
        List<Bytes> pieces = PeerFrames.encode(List.of(new PeerPayload.OfReplica(message)));
        Bytes frame = PeerLinks.joined(pieces);
        try {
            for (PeerPayload payload : PeerFrames.decode(frame.slice(Wire.FRAME_LENGTH_BYTES))) {
                self.observer().forged(self, message);
                postMessages(from, List.of(((PeerPayload.OfReplica) payload).message()));
            }
        } catch (DamagedException damaged) {
            leave(from);
        }
    }

    /** Takes a frame in; false if it is damaged. */
    private boolean take(PeerIdentity from, Bytes body) {
        List<PeerPayload> payloads;
        try {
            payloads = PeerFrames.decode(body);
            for (PeerPayload payload : payloads) {
                if (payload.from() != from.nodeId()
                        || payload.to() != self.host().id()) {
                    throw new DamagedException("a message between others");
                }
            }
        } catch (DamagedException damaged) {
            self.world().remark(self, "refuses a damaged frame of node " + from.nodeId());
            return false;
        }
        List<Message> messages = new ArrayList<>(payloads.size());
        for (PeerPayload payload : payloads) {
            if (payload instanceof PeerPayload.OfReplica replica) {
                messages.add(replica.message());
                self.observer().received(self, replica.message());
            } else if (payload instanceof PeerPayload.OfNode node) {
                postMessages(from, messages);
                messages.clear();
                self.post(new NodeInput.HelloReceived(from, node.hello()));
            } else {
                throw new AssertionError("unhandled " + payload);
            }
        }
        postMessages(from, messages);
        return true;
    }

    private void postMessages(PeerIdentity from, List<Message> messages) {
        if (!messages.isEmpty()) {
            self.post(new NodeInput.PeerMessages(from, messages));
        }
    }

    // Who speaks in the name of a living member, with another directory or from an earlier life,
    // replaces nothing.
    private void spoke(PeerConnection connection) {
        PeerIdentity identity = connection.identity();
        PeerConnection current = speaking.get(identity.nodeId());
        boolean isPeer = current == null
                || identity.equals(current.identity())
                || identity.succeeds(current.identity());
        if (!isPeer) {
            return;
        }
        PeerConnection before = speaking.put(connection.identity().nodeId(), connection);
        if (before != null) {
            open.remove(before);
            before.closedByListener();
        }
    }

    /** That life of the peer broke a rule. */
    void leave(PeerIdentity peer) {
        for (PeerConnection connection : List.copyOf(open)) {
            if (connection.identity().equals(peer)) {
                connection.closedByListener();
                closed(connection);
            }
        }
    }

    /** The connection is gone; if it was the one in use, so may be the peer. */
    void closed(PeerConnection connection) {
        long nodeId = connection.identity().nodeId();
        open.remove(connection);
        if (speaking.remove(nodeId, connection)) {
            self.post(new NodeInput.PeerLost(nodeId));
        }
    }

    void end() {
        List.copyOf(open).forEach(PeerConnection::closedByListener);
        open.clear();
        speaking.clear();
    }
}
