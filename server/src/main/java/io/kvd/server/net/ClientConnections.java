package io.kvd.server.net;

import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clients that are connected, by the number that replies name them by, and which of them have a place. A client
 * that comes when all places are taken gets that of the longest idle one; if nobody is idle it is let in to ask for
 * status and figures only, so that operators see a node that is full. Callable on any thread.
 */
final class ClientConnections {
    /** Clients without a place: enough for some operators at once; the next one takes the oldest one's turn. */
    static final int MAX_WITHOUT_PLACE = 16;

    /** A client that asked something a moment ago will ask again: closing it would be felt. */
    static final long MIN_IDLE_NANOS = 2_000_000_000L;

    private final ConcurrentMap<Long, ClientHandler> open = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final int maxClients;
    private final int maxPerAddress;
    /** Those with a place, and how many an address has. Guarded by this. */
    private final Set<ClientHandler> placed = new LinkedHashSet<>();

    private final Map<Bytes, Integer> byAddress = new LinkedHashMap<>();
    /** Oldest first. Guarded by this. */
    private final Set<ClientHandler> unplaced = new LinkedHashSet<>();

    ClientConnections(int maxClients, int maxPerAddress) {
        this.maxClients = maxClients;
        this.maxPerAddress = maxPerAddress;
    }

    /** A number that no connection of this process had before. */
    long nextId() {
        return lastId.incrementAndGet();
    }

    /**
     * Takes the client in, with a place if there is one.
     *
     * @return whose place or turn it took: to be closed, each on its own thread
     */
    synchronized List<ClientHandler> opened(ClientHandler client, long nowNanos) {
        open.put(client.connectionId(), client);
        List<ClientHandler> leaving = new ArrayList<>();
        if (!hasPlaceFor(client.address())) {
            longestIdle(client.address(), nowNanos).ifPresent(idle -> {
                takePlace(idle);
                leaving.add(idle);
            });
        }
        if (hasPlaceFor(client.address())) {
            givePlace(client);
        } else {
            unplaced.add(client);
            if (unplaced.size() > MAX_WITHOUT_PLACE) {
                ClientHandler other = unplacedFor(client);
                unplaced.remove(other);
                leaving.add(other);
            }
        }
        return leaving;
    }

    /** Whether the client has a place, or gets one now that some left. */
    synchronized boolean hasPlace(ClientHandler client) {
        if (unplaced.contains(client) && hasPlaceFor(client.address())) {
            unplaced.remove(client);
            givePlace(client);
        }
        return placed.contains(client);
    }

    /** It had been idle, and asks again before it was closed: it stays, even beyond the limit. */
    synchronized void stays(ClientHandler client) {
        if (open.containsKey(client.connectionId())) {
            givePlace(client);
        }
    }

    synchronized void closed(ClientHandler client) {
        open.remove(client.connectionId());
        unplaced.remove(client);
        takePlace(client);
    }

    Optional<ClientHandler> find(long connectionId) {
        return Optional.ofNullable(open.get(connectionId));
    }

    int count() {
        return open.size();
    }

    // Whoever comes again and again takes its own turns and nobody else's.
    private ClientHandler unplacedFor(ClientHandler newcomer) {
        return unplaced.stream()
                .filter(other -> other != newcomer && other.address().equals(newcomer.address()))
                .findFirst()
                .orElseGet(() -> unplaced.iterator().next());
    }

    private boolean hasPlaceFor(Bytes address) {
        return placed.size() < maxClients && countOf(address) < maxPerAddress;
    }

    private int countOf(Bytes address) {
        return byAddress.getOrDefault(address, 0);
    }

    private void givePlace(ClientHandler client) {
        if (placed.add(client)) {
            byAddress.merge(client.address(), 1, Integer::sum);
        }
    }

    private void takePlace(ClientHandler client) {
        if (placed.remove(client)) {
            byAddress.merge(client.address(), -1, Integer::sum);
            byAddress.remove(client.address(), 0);
        }
    }

    // Of the newcomer's own address if that has all it may have, else of the address that has most.
    private Optional<ClientHandler> longestIdle(Bytes address, long nowNanos) {
        if (countOf(address) >= maxPerAddress) {
            return longestIdleOf(address, nowNanos);
        }
        return byAddress.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .flatMap(most -> longestIdleOf(most.getKey(), nowNanos));
    }

    private Optional<ClientHandler> longestIdleOf(Bytes address, long nowNanos) {
        return placed.stream()
                .filter(client -> client.address().equals(address))
                .filter(client -> client.idleNanos(nowNanos) >= MIN_IDLE_NANOS)
                .max(Comparator.comparingLong(client -> client.idleNanos(nowNanos)));
    }
}
