package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.codec.Hello;
import io.kvd.core.codec.PeerFrames;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.codec.Wire;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.node.Transport;
import io.kvd.core.raft.Message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A process's way to the other members. What can't leave at once is dropped. */
final class PeerLinks implements Transport {
    private final NodeProcess self;
    private final List<PeerLink> links = new ArrayList<>();

    PeerLinks(NodeProcess self, SplittableRandom random) {
        this.self = self;
        for (InitialCluster.InitialMember other : self.host().cluster().others()) {
            Host peer = self.world().host(other.nodeId());
            links.add(new PeerLink(self, peer, other.peerAddress(), random.split()));
        }
    }

    void start() {
        links.forEach(link -> link.dialIn(0));
    }

    Optional<PeerLink> to(long nodeId) {
        for (PeerLink link : links) {
            if (link.peer().id() == nodeId) {
                return Optional.of(link);
            }
        }
        return Optional.empty();
    }

    @Override
    public void send(List<Message> messages) {
        for (PeerLink link : links) {
            List<PeerPayload> payloads = new ArrayList<>(2);
            for (Message message : messages) {
                if (message.to() == link.peer().id()) {
                    payloads.add(new PeerPayload.OfReplica(message));
                }
            }
            if (!payloads.isEmpty()) {
                offer(link, payloads);
            }
        }
    }

    @Override
    public void send(Hello hello) {
        to(hello.to()).ifPresent(link -> offer(link, List.of(new PeerPayload.OfNode(hello))));
    }

    @Override
    public void announced(long nodeId, String peerAddress) {
        to(nodeId).ifPresent(link -> link.announced(peerAddress));
    }

    @Override
    public boolean isConnected(long nodeId) {
        return to(nodeId).map(PeerLink::isUp).orElse(false);
    }

    @Override
    public void disconnect(PeerIdentity peer) {
        self.peers().leave(peer);
    }

    private void offer(PeerLink link, List<PeerPayload> payloads) {
        if (!link.isUp()) {
            self.world()
                    .happened(
                            self,
                            new NodeEvents.MessageDropped(
                                    self.host().id(), "the peer is not connected"));
            return;
        }
        if (self.timeline().trace().isRead()) {
            self.world().remarkSent(payloads);
        }
        Bytes frames = joined(PeerFrames.encode(payloads));
        for (int at = 0; at < frames.length(); ) {
            int end = at + Wire.FRAME_LENGTH_BYTES + frames.intAt(at);
            Bytes body = frames.slice(at + Wire.FRAME_LENGTH_BYTES, end);
            self.world().archive().keep(self.identity(), link.peer(), body);
            link.send(body, self.effectNanos());
            at = end;
        }
    }

    static Bytes joined(List<Bytes> pieces) {
        if (pieces.size() == 1) {
            return pieces.get(0);
        }
        int bytes = 0;
        for (Bytes piece : pieces) {
            bytes += piece.length();
        }
        BytesWriter out = new BytesWriter(bytes);
        pieces.forEach(out::put);
        return out.toBytes();
    }

    void end() {
        links.forEach(PeerLink::end);
    }
}
