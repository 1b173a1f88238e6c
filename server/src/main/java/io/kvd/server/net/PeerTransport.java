package io.kvd.server.net;

import io.kvd.core.codec.Hello;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.node.Transport;
import io.kvd.core.raft.Message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The way to the other members: one dialled connection to each, on which everything leaves, answers included, and one
 * accepted from each, on which everything comes.
 */
public final class PeerTransport implements Transport {
    static final String NOT_A_MEMBER = "no address is known for the node";

    private final NetContext context;
    private final NetLoops loops;
    private final RandomGenerator.SplittableGenerator random;
    private final ConcurrentMap<Long, PeerLink> links = new ConcurrentHashMap<>();
    private final InboundPeers inbound;
    private final AtomicLong droppedCount = new AtomicLong();

    /** Whether links dial; guarded by this. */
    private boolean started;

    PeerTransport(NetContext context, NetLoops loops, RandomGenerator.SplittableGenerator random) {
        this.context = context;
        this.loops = loops;
        this.random = random;
        this.inbound = new InboundPeers(context, this::isStranger);
    }

    // ---- Members.

    /**
     * Says who the other members are and where: new ones are dialled, moved ones dialled anew, and those that are not
     * named any more are left. This node's own address may be among them and is ignored. Any thread.
     */
    public synchronized void setPeers(Map<Long, PeerAddress> addresses) {
        long self = context.doors().facts().identity().nodeId();
        addresses.forEach((nodeId, address) -> {
            if (nodeId != self) {
                setPeer(nodeId, address);
            }
        });
        for (PeerLink link : List.copyOf(links.values())) {
            if (!addresses.containsKey(link.nodeId())) {
                links.remove(link.nodeId());
                link.close();
                inbound.remove(link.nodeId());
            }
        }
    }

    private void setPeer(long nodeId, PeerAddress address) {
        Optional<PeerLink> known = find(nodeId);
        if (known.isPresent()) {
            known.get().moveTo(address);
            return;
        }
        NetOptions.PeerLimits limits = context.options().peers();
        Backoff backoff = new Backoff(limits.minBackoffMs(), limits.maxBackoffMs(), random.split());
        PeerLink link = new PeerLink(
                nodeId, address, loops.next(), context, new PeerDialler(context, loops), backoff);
        links.put(nodeId, link);
        if (started) {
            link.start();
        }
    }

    /** Begins to dial. */
    synchronized void start() {
        if (!started) {
            started = true;
            links.values().forEach(PeerLink::start);
        }
    }

    /** Stops dialling, and says no more of lost connections: it is us who leave. */
    synchronized void close() {
        inbound.close();
        links.values().forEach(PeerLink::close);
        links.clear();
    }

    private boolean isStranger(PeerIdentity peer) {
        return find(peer.nodeId()).map(link -> link.isStranger(peer)).orElse(false);
    }

    boolean knows(long nodeId) {
        return links.containsKey(nodeId);
    }

    private Optional<PeerLink> find(long nodeId) {
        return Optional.ofNullable(links.get(nodeId));
    }

    // ---- Sending. On the raft thread.

    /** Sends; what belongs to one peer leaves with one write and one flush. */
    @Override
    public void send(List<Message> messages) {
        Map<PeerLink, List<PeerPayload>> byLink = new LinkedHashMap<>();
        for (Message message : messages) {
            PeerPayload payload = new PeerPayload.OfReplica(message);
            Optional<PeerLink> link = find(message.to());
            if (link.isPresent()) {
                byLink.computeIfAbsent(link.get(), l -> new ArrayList<>(messages.size()))
                        .add(payload);
            } else {
                dropped(payload, NOT_A_MEMBER);
            }
        }
        byLink.forEach((link, payloads) -> link.offer(payloads, this::dropped));
    }

    @Override
    public void send(Hello hello) {
        PeerPayload payload = new PeerPayload.OfNode(hello);
        find(hello.to())
                .ifPresentOrElse(
                        link -> link.offer(List.of(payload), this::dropped),
                        () -> dropped(payload, NOT_A_MEMBER));
    }

    @Override
    public void announced(long nodeId, String peerAddress) {
        Optional<PeerAddress> address = PeerAddress.parse(peerAddress);
        address.ifPresent(told -> find(nodeId).ifPresent(link -> link.announced(told)));
    }

    @Override
    public void disconnect(PeerIdentity peer) {
        inbound.leave(peer);
    }

    private void dropped(PeerPayload payload, String reason) {
        droppedCount.incrementAndGet();
        context.doors().events().happened(new NodeEvents.MessageDropped(payload.from(), reason));
    }

    /** Messages that did not leave since the start. Any thread. */
    public long droppedCount() {
        return droppedCount.get();
    }

    /** Any thread. */
    @Override
    public boolean isConnected(long nodeId) {
        return find(nodeId).map(PeerLink::isUp).orElse(false);
    }

    // ---- Connections from peers.

    InboundPeers inbound() {
        return inbound;
    }

    /** A peer's connection is past its handshake. */
    void inboundOpened(PeerHandler peer) {
        inbound.opened(peer);
        find(peer.nodeId()).ifPresent(link -> link.met(peer.identity()));
    }
}
