package io.kvd.server.net;

import io.kvd.core.node.ClientReply;
import io.kvd.server.metrics.TimedReply;
import io.netty.channel.EventLoop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings answers to the connections that asked. A batch is one task for each net thread that has some of its
 * connections, and one flush for each connection, however many answers there are. Callable on any thread; never
 * blocks.
 */
public final class ClientReplies {
    private final ClientConnections clients;
    private final NetContext context;
    private final Admission admission;

    ClientReplies(ClientConnections clients, NetContext context) {
        this.clients = clients;
        this.context = context;
        this.admission = context.admission();
    }

    /**
     * Sends the answers; those of a connection leave in the order given. Each request that reached the loop is
     * answered exactly once, whether its connection still exists or not: this is what gives its bytes back.
     */
    public void deliver(List<TimedReply> replies) {
        Map<EventLoop, List<TimedReply>> byLoop = new LinkedHashMap<>();
        for (TimedReply timed : replies) {
            ClientReply reply = timed.reply();
            Optional<ClientHandler> client = clients.find(reply.to().connectionId());
            if (client.isPresent()) {
                byLoop.computeIfAbsent(
                                client.get().eventLoop(), loop -> new ArrayList<>(replies.size()))
                        .add(timed);
            } else {
                drop(reply);
            }
        }
        byLoop.forEach(this::hand);
    }

    /** Whether the connection is there to be answered. Any thread. */
    public boolean reach(long connectionId) {
        return clients.find(connectionId).isPresent();
    }

    /** Nobody is there to be answered. */
    private void drop(ClientReply reply) {
        admission.release(reply.to().chargedBytes());
        if (reply.answerBytes() > 0) {
            context.doors().answers().left(reply.to().connectionId(), reply.answerBytes());
        }
    }

    private void hand(EventLoop loop, List<TimedReply> replies) {
        if (!context.run(loop, () -> write(replies))) {
            replies.forEach(timed -> drop(timed.reply()));
        }
    }

    private void write(List<TimedReply> replies) {
        Set<ClientHandler> touched = new LinkedHashSet<>();
        for (TimedReply timed : replies) {
            ClientReply reply = timed.reply();
            Optional<ClientHandler> client = clients.find(reply.to().connectionId());
            if (client.isPresent()) {
                client.get().answer(reply);
                touched.add(client.get());
            } else {
                drop(reply);
            }
        }
        touched.forEach(ClientHandler::writeAnswers);
        context.doors().requests().answered(replies, context.nowNanos());
    }
}
