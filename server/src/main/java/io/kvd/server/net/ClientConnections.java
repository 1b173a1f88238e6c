package io.kvd.server.net;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The clients that are connected, by the number that replies name them by. Callable on any thread. */
final class ClientConnections {
    private final ConcurrentMap<Long, ClientHandler> open = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final int maxClients;

    ClientConnections(int maxClients) {
        this.maxClients = maxClients;
    }

    /** Whether another client may connect. Racing net threads may let a few more in. */
    boolean hasRoom() {
        return open.size() < maxClients;
    }

    /** A number that no connection of this process had before. */
    long nextId() {
        return lastId.incrementAndGet();
    }

    void opened(ClientHandler client) {
        open.put(client.connectionId(), client);
    }

    void closed(ClientHandler client) {
        open.remove(client.connectionId());
    }

    Optional<ClientHandler> find(long connectionId) {
        return Optional.ofNullable(open.get(connectionId));
    }

    int count() {
        return open.size();
    }
}
