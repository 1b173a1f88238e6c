package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Wire;
import io.kvd.core.kv.Verdict.Refusal;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.PeerIdentity;
import io.kvd.protocol.Code;
import io.kvd.protocol.Handshake;

import java.util.Optional;

/** An accepted connection until it has said who it is. Owned by its net thread. */
final class ListenerHandshake implements Stage {
    private final Connection connection;
    private final NetContext context;
    private final ClientConnections clients;
    private final PeerTransport peers;

    ListenerHandshake(
            Connection connection,
            NetContext context,
            ClientConnections clients,
            PeerTransport peers) {
        this.connection = connection;
        this.context = context;
        this.clients = clients;
        this.peers = peers;
    }

    @Override
    public int maxFrameBytes() {
        return Wire.MAX_HANDSHAKE_BYTES;
    }

    @Override
    public void active() {
        connection.limitStage(context.options().timeouts().handshakeMs());
    }

    @Override
    public void frame(Bytes body) {
        Optional<Handshake> handshake = Handshakes.parse(body);
        if (handshake.isEmpty()) {
            refuse(Handshakes.refusal(Code.INVALID_ARGUMENT, "the first frame is not a Handshake"));
            return;
        }
        Optional<Refusal> refusal = Handshakes.refuse(
                        handshake.get(), context.doors().facts())
                .or(() -> refuseForRoom(handshake.get()));
        if (refusal.isPresent()) {
            if (handshake.get().hasPeer() && context.doors().facts().clusterId().isEmpty()) {
                String by = "node " + handshake.get().getPeer().getNodeId() + " at "
                        + connection.remote();
                context.doors().inbox().accept(new NodeInput.Claimed(by));
            }
            refuse(refusal.get());
        } else {
            accept(handshake.get());
        }
    }

    private Optional<Refusal> refuseForRoom(Handshake handshake) {
        if (handshake.hasPeer()) {
            long nodeId = handshake.getPeer().getNodeId();
            return peers.knows(nodeId)
                    ? Optional.empty()
                    : Optional.of(Handshakes.refusal(
                            Code.WRONG_NODE, "node " + nodeId + " is not a member here"));
        }
        return Optional.empty();
    }

    private void accept(Handshake handshake) {
        if (handshake.hasPeer()) {
            PeerIdentity identity = Handshakes.identity(handshake.getPeer());
            PeerHandler peer = new PeerHandler(connection, context, identity, peers.inbound());
            connection.become(peer);
            peers.inboundOpened(peer);
        } else {
            ClientHandler client = new ClientHandler(connection, context, clients);
            connection.become(client);
            clients.opened(client, context.nowNanos())
                    .forEach(other -> context.run(other.eventLoop(), other::closeForAnother));
        }
        // Counted first, told then: who was told counts.
        connection.writeHandshake(
                Handshakes.accepted(handshake, context.doors().facts(), context.options()));
    }

    @Override
    public void tooLarge(long bodyBytes) {
        answer(new Refusal(
                Code.TOO_LARGE,
                "a handshake of " + bodyBytes + " bytes",
                Wire.MAX_HANDSHAKE_BYTES,
                bodyBytes));
    }

    private void refuse(Refusal refusal) {
        answer(refusal);
        connection.closeGently(Grievance.REFUSED, refusal.code() + ": " + refusal.message());
    }

    private void answer(Refusal refusal) {
        connection.writeHandshake(
                Handshakes.refused(refusal, context.doors().facts(), context.options()));
    }
}
