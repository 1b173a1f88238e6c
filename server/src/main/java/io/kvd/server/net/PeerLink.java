package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Life;
import io.kvd.core.codec.PeerFrames;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.PeerIdentity;
import io.netty.channel.EventLoop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The connection that this node dials to one peer, and dials again whenever it is gone. Messages wait nowhere but in
 * the socket's buffer: what does not fit is dropped, bulk first. Owned by one net thread, but for {@link #offer}.
 */
final class PeerLink {
    /** Where messages leave. */
    interface Outlet {
        Outlet NONE = new Outlet() {
            @Override
            public void write(List<Bytes> pieces, Runnable done) {
                done.run();
            }

            @Override
            public void close() {}
        };

        /** Writes and flushes; {@code done} runs when the bytes are with the kernel or never will be. */
        void write(List<Bytes> pieces, Runnable done);

        void close();
    }

    /** Opens connections; in a place of its own so that this class decides and that one touches the world. */
    @FunctionalInterface
    interface Dialler {
        /** Dials, and reports to {@code attempt} exactly once per outcome, on {@code loop}. Does not block or throw. */
        void dial(PeerAddress address, EventLoop loop, Attempt attempt);
    }

    private enum State {
        IDLE,
        WAITING,
        DIALLING,
        UP,
        CLOSED
    }

    static final String NOT_CONNECTED = "the peer is not connected";
    static final String NOT_WRITABLE = "the connection to the peer is full";

    /** How often a later life of a peer is looked for at most, while the connection is up. */
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger("kvd.net");

    private final long nodeId;
    private final EventLoop loop;
    private final NetContext context;
    private final Dialler dialler;
    private final Backoff backoff;

    /** Estimated bytes of messages that were taken and are not with the kernel yet. */
    private final AtomicLong outstandingBytes = new AtomicLong();

    /** {@link Outlet#NONE} unless {@link State#UP}. Written on the net thread, read on the raft thread. */
    private volatile Outlet outlet = Outlet.NONE;

    /** Where the next attempt goes, or the last one went. */
    private PeerAddress address;
    /** Where this node's own configuration says that the peer is. */
    private PeerAddress configured;
    /** Where the peer says that it is. Either may be right: it moved, or one of the two names means something else there. */
    private PeerAddress told;

    private State state = State.IDLE;
    /** Counts attempts: what an earlier one reports is stale. */
    private long attempts;
    /** Who the connection leads to, or led to last. Written on the net thread. */
    private volatile PeerIdentity connectedTo;
    /** When a later life of the peer was looked for last, on the clock of {@link NetContext#nowNanos}. */
    private long checkedNanos;
    /** When the connection came up, on the clock of {@link NetContext#nowNanos}. */
    private long upSinceNanos;
    /** Whether the log already says that the peer can't be reached. */
    private boolean failureLogged;

    PeerLink(
            long nodeId,
            PeerAddress address,
            EventLoop loop,
            NetContext context,
            Dialler dialler,
            Backoff backoff) {
        this.nodeId = nodeId;
        this.address = address;
        this.configured = address;
        this.told = address;
        this.loop = loop;
        this.context = context;
        this.dialler = dialler;
        this.backoff = backoff;
        this.connectedTo = new PeerIdentity(nodeId, Bytes.EMPTY, Life.NONE);
        this.checkedNanos = context.nowNanos() - CHECK_NANOS;
    }

    long nodeId() {
        return nodeId;
    }

    /** Whether messages offered now will leave. Any thread. */
    boolean isUp() {
        return outlet != Outlet.NONE;
    }

    /** Whether a living connection leads to another directory than that. Any thread. */
    boolean isStranger(PeerIdentity peer) {
        return isUp() && !connectedTo.storeId().equals(peer.storeId());
    }

    // ---- Sending.

    /**
     * Takes messages, as many as there is room for: everything while the connection keeps up, no entries when their
     * bytes pile up, and nothing when even the reserve is used up. So a heartbeat is never refused because of bulk.
     * What is taken leaves in the order given. Raft thread; does not block or throw.
     *
     * @param dropped told of each message that is not taken, and why
     */
    void offer(List<PeerPayload> payloads, BiConsumer<PeerPayload, String> dropped) {
        boolean up = isUp();
        List<PeerPayload> taken = new ArrayList<>(payloads.size());
        long takenBytes = 0;
        for (PeerPayload payload : payloads) {
            int bytes = PeerFrames.estimatedBytes(payload);
            if (!up) {
                dropped.accept(payload, NOT_CONNECTED);
            } else if (!hasRoom(payload, bytes)) {
                dropped.accept(payload, NOT_WRITABLE);
            } else {
                outstandingBytes.addAndGet(bytes);
                takenBytes += bytes;
                taken.add(payload);
            }
        }
        if (!taken.isEmpty()) {
            hand(taken, takenBytes);
        }
    }

    /** An idle connection takes any message: the largest entry is larger than what may wait. */
    private boolean hasRoom(PeerPayload payload, int bytes) {
        NetOptions.PeerLimits limits = context.options().peers();
        long limit = limits.bulkBytes() + (PeerFrames.isBulk(payload) ? 0L : limits.reserveBytes());
        long outstanding = outstandingBytes.get();
        return outstanding == 0 || outstanding + bytes <= limit;
    }

    private void hand(List<PeerPayload> taken, long bytes) {
        Runnable left = () -> outstandingBytes.addAndGet(-bytes);
        if (!context.run(loop, () -> outlet.write(PeerFrames.encode(taken), left))) {
            left.run();
        }
    }

    // ---- Connecting. All on the net thread.

    /** Begins to dial. */
    void start() {
        context.run(loop, () -> dialIn(0));
    }

    /** The peer moved: leaves the old address for the new one. */
    void moveTo(PeerAddress next) {
        context.run(loop, () -> {
            if (!next.equals(configured) && state != State.CLOSED) {
                configured = next;
                told = next;
                address = next;
                boolean started = state != State.IDLE;
                drop();
                if (started) {
                    dialIn(0);
                }
            }
        });
    }

    /**
     * The peer says where it is. A connection that is up leads to it, wherever that is; else it is looked for there at
     * once, and from then on at both addresses in turn.
     */
    void announced(PeerAddress next) {
        context.run(loop, () -> {
            if (!next.equals(told) && state != State.CLOSED) {
                told = next;
                if (state == State.WAITING || state == State.DIALLING) {
                    address = next;
                    failureLogged = false;
                    dialIn(0);
                }
            }
        });
    }

    /**
     * Somebody dialled us in the peer's name. If it is there, there is no need to wait out a long pause. If it says that
     * it is in a later life than the one that this connection leads to, that one may be over, though no packet said so:
     * anybody may say so, hence the living connection stays until another one, to the peer's own address, shows it.
     */
    void met(PeerIdentity peer) {
        context.run(loop, () -> {
            if (state == State.WAITING) {
                dialIn(context.options().peers().minBackoffMs());
            } else if (state == State.UP
                    && peer.succeeds(connectedTo)
                    && context.nowNanos() - checkedNanos >= CHECK_NANOS) {
                checkedNanos = context.nowNanos();
                dialler.dial(address, loop, new Attempt(attempts, Purpose.CHECK));
            }
        });
    }

    void close() {
        context.run(loop, () -> {
            drop();
            state = State.CLOSED;
        });
    }

    private void drop() {
        attempts++;
        Outlet old = outlet;
        outlet = Outlet.NONE;
        old.close();
    }

    private void dialIn(int delayMs) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.WAITING;
        attempts++;
        long mine = attempts;
        schedule(() -> dial(mine), delayMs);
    }

    // One that comes too late knows it by its number.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void schedule(Runnable task, int delayMs) {
        loop.schedule(() -> context.guard(task), delayMs, TimeUnit.MILLISECONDS);
    }

    private void dial(long mine) {
        if (mine == attempts && state == State.WAITING) {
            state = State.DIALLING;
            dialler.dial(address, loop, new Attempt(mine, Purpose.CONNECT));
        }
    }

    private enum Purpose {
        CONNECT,
        /** While there is a living connection. */
        CHECK
    }

    /** What becomes of one attempt. Called on the net thread. */
    final class Attempt {
        /** Changed once: a check that shows a later life becomes the connection. */
        private long mine;

        private Purpose purpose;

        private Attempt(long mine, Purpose purpose) {
            this.mine = mine;
            this.purpose = purpose;
        }

        long nodeId() {
            return nodeId;
        }

        /** Whether anybody still waits for it. */
        boolean isCurrent() {
            return mine == attempts;
        }

        /** There will be no connection. */
        void failed(String reason) {
            if (isCurrent() && purpose == Purpose.CONNECT) {
                logFailure(reason);
                address = address.equals(told) ? configured : told;
                dialIn(backoff.nextMs());
            }
        }

        /** There is one, with whom it was meant to be. */
        void up(PeerIdentity peer, Outlet opened) {
            boolean isNews = purpose == Purpose.CONNECT || peer.succeeds(connectedTo);
            if (!isCurrent() || !isNews) {
                opened.close();
                return;
            }
            if (purpose == Purpose.CHECK) {
                LOG.info("peer was restarted node={} address={}", nodeId, address);
                drop();
                purpose = Purpose.CONNECT;
                mine = attempts;
            }
            state = State.UP;
            connectedTo = peer;
            upSinceNanos = context.nowNanos();
            failureLogged = false;
            outlet = opened;
            LOG.info("connected to peer node={} address={}", nodeId, address);
            context.doors().inbox().accept(new NodeInput.PeerConnected(peer));
        }

        /** It was up, and is gone. */
        void lost() {
            if (isCurrent() && purpose == Purpose.CONNECT) {
                outlet = Outlet.NONE;
                LOG.info("lost the connection to peer node={} address={}", nodeId, address);
                context.doors().inbox().accept(new NodeInput.PeerLost(nodeId));
                // A listener that accepts and closes at once must not be dialled in a tight loop.
                long upMs = TimeUnit.NANOSECONDS.toMillis(context.nowNanos() - upSinceNanos);
                if (upMs >= context.options().peers().maxBackoffMs()) {
                    backoff.reset();
                }
                dialIn(backoff.nextMs());
            }
        }
    }

    private void logFailure(String reason) {
        if (!failureLogged) {
            failureLogged = true;
            LOG.info(
                    "can't reach peer node={} address={}: {}; trying again",
                    nodeId,
                    address,
                    reason);
        } else {
            LOG.debug("can't reach peer node={} address={}: {}", nodeId, address, reason);
        }
    }
}
