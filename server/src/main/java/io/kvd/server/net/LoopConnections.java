package io.kvd.server.net;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The open connections of one net thread, which owns this. Watches their deadlines, and bounds those that did not say
 * yet who they are.
 */
final class LoopConnections {
    private final int maxPending;
    private final Set<Connection> open = new LinkedHashSet<>();
    /** Accepted and at the handshake, or refused and lingering; oldest first. */
    private final Set<Connection> pending = new LinkedHashSet<>();

    /** To be told when no connection is open any more. */
    private final List<Runnable> closing = new ArrayList<>();

    LoopConnections(int maxPending) {
        this.maxPending = maxPending;
    }

    /** A connection was accepted: it is pending until it is {@link #identified}. */
    void accepted(Connection connection) {
        opened(connection);
        pending.add(connection);
        if (pending.size() > maxPending) {
            Connection oldest = pending.iterator().next();
            pending.remove(oldest);
            oldest.close(Grievance.TOO_MANY_PENDING, "limit " + maxPending);
        }
    }

    /** A connection was accepted or dialled. */
    void opened(Connection connection) {
        open.add(connection);
        connection.channel().closeFuture().addListener(closed -> {
            open.remove(connection);
            pending.remove(connection);
            tellIfGone();
        });
    }

    /** The handshake is done. */
    void identified(Connection connection) {
        pending.remove(connection);
    }

    /** Ends the connections whose time is up. */
    void checkDeadlines(long nowNanos) {
        for (Connection connection : snapshot()) {
            connection.checkDeadlines(nowNanos);
        }
    }

    /** Closes all of them, each after what was written to it, and says when the last one is gone. */
    void closeAll(Runnable whenGone) {
        closing.add(whenGone);
        snapshot().forEach(Connection::closeGently);
        tellIfGone();
    }

    private void tellIfGone() {
        if (open.isEmpty()) {
            closing.forEach(Runnable::run);
            closing.clear();
        }
    }

    /** Closing one changes the set. */
    private List<Connection> snapshot() {
        return new ArrayList<>(open);
    }
}
