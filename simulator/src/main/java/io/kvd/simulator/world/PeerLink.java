package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.PeerIdentity;
import io.kvd.simulator.net.Network;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The connection that a process dials to one peer, and dials again whenever it is gone: the rules of production. */
final class PeerLink {
    private static final long MILLI = 1_000_000;
    private static final int MIN_BACKOFF_MS = 20;
    private static final int MAX_BACKOFF_MS = 1_000;
    private static final long CONNECT_NANOS = 2_000 * MILLI;
    private static final long HANDSHAKE_NANOS = 5_000 * MILLI;

    private final NodeProcess self;
    private final Host peer;
    private final SplittableRandom random;
    /** Where this node's configuration says that the peer is. */
    private final String configured;
    /** Where the peer says that it is. */
    private String told;
    /** Where the next attempt goes. */
    private String address;

    private State state = State.WAITING;
    /** Counts attempts: what an earlier one comes to is stale. */
    private long attempts;
    /** At most one: the connection while it is up. */
    private List<PeerConnection> connection = List.of();

    private int backoffMs = MIN_BACKOFF_MS;
    private long upSinceNanos;

    private enum State {
        WAITING,
        DIALLING,
        UP
    }

    PeerLink(NodeProcess self, Host peer, String configured, SplittableRandom random) {
        this.self = self;
        this.peer = peer;
        this.configured = configured;
        this.told = configured;
        this.address = configured;
        this.random = random;
    }

    Host peer() {
        return peer;
    }

    Optional<PeerConnection> connection() {
        return connection.stream().findFirst();
    }

    boolean isUp() {
        return state == State.UP;
    }

    boolean isOn(PeerConnection other) {
        return isUp() && connection.get(0) == other;
    }

    void send(Bytes body, long departureNanos) {
        connection.get(0).channel().send(body, departureNanos);
    }

    void dialIn(long nanos) {
        state = State.WAITING;
        long mine = ++attempts;
        self.plan("dial", self.nowNanos() + nanos, () -> {
            if (mine == attempts) {
                dial(mine);
            }
        });
    }

    private void dial(long mine) {
        state = State.DIALLING;
        Network network = self.world().network();
        int here = self.host().number();
        int there = peer.number();
        long forth = network.delayNanos(here, there);
        long back = network.delayNanos(there, here);
        if (!self.world().hostAt(address).equals(Optional.of(peer))) {
            // Nobody is there, or a node that is not the one meant says so in the handshake.
            fail(mine, forth + back);
            return;
        }
        if (network.path(here, there).isCut() || network.path(there, here).isCut()) {
            fail(mine, CONNECT_NANOS);
            return;
        }
        Optional<NodeProcess> listener = peer.process();
        if (listener.isEmpty()) {
            fail(mine, forth + back);
        } else if (peer.isPaused()) {
            fail(mine, HANDSHAKE_NANOS);
        } else if (refuses(listener.get())) {
            fail(mine, forth + back);
            NodeProcess refusing = listener.get();
            if (refusing.clusterId().isEmpty()) {
                refusing.plan(
                        "claimed",
                        self.nowNanos() + forth,
                        () -> refusing.post(new NodeInput.Claimed(self.host().toString())));
            }
        } else {
            self.plan("knock", self.nowNanos() + forth, () -> knock(mine, listener.get(), back));
        }
    }

    private void fail(long mine, long afterNanos) {
        self.plan("dial-failed", self.nowNanos() + afterNanos, () -> {
            if (mine == attempts) {
                address = address.equals(told) ? configured : told;
                dialIn(nextBackoffNanos());
            }
        });
    }

    // The handshake: who belongs to another cluster, or says that it is the listener, is turned
    // away.
    private boolean refuses(NodeProcess listener) {
        Bytes ours = self.clusterId();
        Bytes theirs = listener.clusterId();
        boolean isOtherCluster = !ours.isEmpty() && !theirs.isEmpty() && !ours.equals(theirs);
        boolean isMember = listener.links().to(self.host().id()).isPresent();
        return isOtherCluster
                || !isMember
                || listener.host().id() == self.host().id();
    }

    // On the listener's side.
    private void knock(long mine, NodeProcess listener, long back) {
        if (mine != attempts) {
            return;
        }
        if (listener.isOver()) {
            fail(mine, back);
            return;
        }
        PeerConnection opened = new PeerConnection(this, self, listener);
        listener.peers().opened(opened);
        self.plan("peer-up", self.nowNanos() + back, () -> up(mine, opened, listener));
    }

    private void up(long mine, PeerConnection opened, NodeProcess listener) {
        if (mine != attempts || listener.isOver()) {
            opened.closedByDialler();
            if (mine == attempts) {
                dialIn(nextBackoffNanos());
            }
            return;
        }
        state = State.UP;
        connection = List.of(opened);
        upSinceNanos = self.nowNanos();
        self.post(new NodeInput.PeerConnected(opened.listenerIdentity()));
    }

    /** It was up, and is gone. */
    void lost() {
        connection.get(0).closedByDialler();
        connection = List.of();
        self.post(new NodeInput.PeerLost(peer.id()));
        if (self.nowNanos() - upSinceNanos >= MAX_BACKOFF_MS * MILLI) {
            backoffMs = MIN_BACKOFF_MS;
        }
        dialIn(nextBackoffNanos());
    }

    /** The peer says where it is: it is looked for there, unless we are connected with it, then at both in turn. */
    void announced(String next) {
        if (!next.equals(told)) {
            told = next;
            if (!isUp()) {
                address = next;
                dialIn(0);
            }
        }
    }

    /** The peer just dialled us: it is there, and if it is in a later life, the connection to the earlier one is over. */
    void met(PeerIdentity identity) {
        boolean isOther = isUp() && identity.succeeds(connection.get(0).listenerIdentity());
        if (isOther) {
            connection.get(0).closedByDialler();
            connection = List.of();
            dialIn(0);
        } else if (state == State.WAITING) {
            dialIn(MIN_BACKOFF_MS * MILLI);
        }
    }

    void end() {
        connection().ifPresent(PeerConnection::closedByDialler);
        connection = List.of();
        attempts++;
        state = State.WAITING;
    }

    private long nextBackoffNanos() {
        int bound = backoffMs;
        backoffMs = Math.min(MAX_BACKOFF_MS, 2 * backoffMs);
        return (bound / 2 + random.nextInt(bound - bound / 2 + 1)) * MILLI;
    }
}
