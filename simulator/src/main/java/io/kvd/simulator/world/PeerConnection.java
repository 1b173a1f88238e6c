package io.kvd.simulator.world;

import io.kvd.core.node.PeerIdentity;
import io.kvd.simulator.net.Channel;

/**
 * A connection that one process dialled to another: on it the dialler talks and the listener listens. Either end may
 * find it broken at another moment than the other one.
 */
final class PeerConnection {
    /** How often an end that sends into nothing is told so again. */
    private static final long RESEND_NANOS = 200_000_000;

    private final PeerLink link;
    private final NodeProcess dialler;
    private final NodeProcess listener;
    private final Channel channel;
    private boolean spoken;

    PeerConnection(PeerLink link, NodeProcess dialler, NodeProcess listener) {
        this.link = link;
        this.dialler = dialler;
        this.listener = listener;
        this.channel = dialler.world()
                .network()
                .channel(
                        dialler.host().number(),
                        listener.host().number(),
                        Channel.Guarantee.MESSAGES,
                        body -> listener.peers().arrived(this, body));
    }

    /** Who dialled. */
    PeerIdentity identity() {
        return dialler.identity();
    }

    PeerIdentity listenerIdentity() {
        return listener.identity();
    }

    Channel channel() {
        return channel;
    }

    /** Whether this is the first time that it is asked. */
    boolean speaksFirst() {
        boolean first = !spoken;
        spoken = true;
        return first;
    }

    /** The listener ends it, or its process is gone: the dialler hears of it. */
    void closedByListener() {
        channel.end(listener.nowNanos());
        tellDialler();
    }

    private void tellDialler() {
        long at = dialler.nowNanos()
                + dialler.world()
                        .network()
                        .delayNanos(listener.host().number(), dialler.host().number());
        dialler.plan("peer-reset", at, () -> {
            if (link.isOn(this) && isCutToDialler()) {
                // What it sends is answered by a reset as soon as one can pass.
                dialler.plan("peer-reset", dialler.nowNanos() + RESEND_NANOS, this::tellDialler);
            } else if (link.isOn(this)) {
                link.lost();
            }
        });
    }

    private boolean isCutToDialler() {
        return dialler.world()
                .network()
                .path(listener.host().number(), dialler.host().number())
                .isCut();
    }

    /** The dialler ends it, or its process is gone: what is on its way arrives, then the listener hears of it. */
    void closedByDialler() {
        long at = dialler.nowNanos()
                + dialler.world()
                        .network()
                        .delayNanos(dialler.host().number(), listener.host().number());
        channel.end(at);
        listener.plan("peer-closed", at, () -> {
            boolean isCut = dialler.world()
                    .network()
                    .path(dialler.host().number(), listener.host().number())
                    .isCut();
            if (!isCut) {
                listener.peers().closed(this);
            }
        });
    }

    /** It breaks in the middle. */
    void reset() {
        channel.close();
        closedByDialler();
        tellDialler();
    }
}
