package io.kvd.server.net;

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

/**
 * A peer's connection to this node: what it says goes to the loop, a frame at a time and in order. Nothing is sent on
 * it; answers leave on the connection that this node dialled. Owned by its net thread.
 */
final class PeerHandler implements Stage {
    private final Connection connection;
    private final NetContext context;
    private final PeerIdentity identity;
    private final InboundPeers peers;
    /** Whether a frame came. */
    private boolean spoke;

    PeerHandler(
            Connection connection, NetContext context, PeerIdentity identity, InboundPeers peers) {
        this.connection = connection;
        this.context = context;
        this.identity = identity;
        this.peers = peers;
    }

    PeerIdentity identity() {
        return identity;
    }

    /** The other end's address, for people. */
    String remote() {
        return connection.remote();
    }

    long nodeId() {
        return identity.nodeId();
    }

    /** Ends the connection: the peer does not use it any more, or is no member any more. Any thread. */
    void leave() {
        connection.shut();
    }

    @Override
    public int maxFrameBytes() {
        return Wire.MAX_PEER_FRAME_BYTES;
    }

    @Override
    public void frame(Bytes body) {
        List<PeerPayload> payloads;
        try {
            payloads = PeerFrames.decode(body);
            payloads.forEach(this::checkEnds);
        } catch (DamagedException e) {
            connection.close(
                    Grievance.DAMAGED, "node " + identity.nodeId() + ": " + e.getMessage());
            return;
        }
        if (!spoke) {
            spoke = true;
            peers.spoke(this);
        }
        post(payloads);
    }

    /** Nobody speaks for another node, and nobody hears what was meant for another one. */
    private void checkEnds(PeerPayload payload) {
        long self = context.doors().facts().identity().nodeId();
        if (payload.from() != identity.nodeId() || payload.to() != self) {
            throw new DamagedException(
                    "a message from node %d to node %d on the connection of node %d to node %d"
                            .formatted(payload.from(), payload.to(), identity.nodeId(), self));
        }
    }

    private void post(List<PeerPayload> payloads) {
        List<Message> messages = new ArrayList<>(payloads.size());
        for (PeerPayload payload : payloads) {
            if (payload instanceof PeerPayload.OfReplica replica) {
                messages.add(replica.message());
            } else if (payload instanceof PeerPayload.OfNode node) {
                postMessages(messages);
                messages.clear();
                context.doors().inbox().accept(new NodeInput.HelloReceived(identity, node.hello()));
            } else {
                throw new AssertionError("unhandled " + payload);
            }
        }
        postMessages(messages);
    }

    private void postMessages(List<Message> messages) {
        if (!messages.isEmpty()) {
            context.doors().inbox().accept(new NodeInput.PeerMessages(identity, messages));
        }
    }

    @Override
    public void closed() {
        peers.closed(this);
    }
}
