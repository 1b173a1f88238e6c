package io.kvd.core.node;

import io.kvd.core.raft.ConfirmedRead;
import io.kvd.core.raft.ReadId;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Linearizable reads on their way (thesis §6.4): first waiting for their round to be confirmed, then for the state to
 * have applied the round's read index. All reads of one turn share one {@link ReadId}, which is fresh in every turn
 * and every life of the process.
 */
final class WaitingReads {
    private final long incarnation;
    private long lastCounter;
    /** By the counter of their ReadId: asked, not confirmed. */
    private final TreeMap<Long, List<ClientRequest>> asked = new TreeMap<>();
    /** By read index: confirmed, not applied. */
    private final TreeMap<Long, List<ClientRequest>> confirmed = new TreeMap<>();

    WaitingReads(long incarnation) {
        this.incarnation = incarnation;
    }

    /** Takes the reads in under a fresh id, which the caller hands to the core. */
    ReadId ask(List<ClientRequest> reads) {
        ReadId id = new ReadId(incarnation, ++lastCounter);
        asked.put(id.counter(), new ArrayList<>(reads));
        return id;
    }

    void confirm(ConfirmedRead read) {
        List<ClientRequest> reads = asked.remove(read.id().counter());
        // Reads may be gone: their deadline passed before the round was confirmed.
        if (reads != null && read.id().incarnation() == incarnation) {
            confirmed
                    .computeIfAbsent(read.readIndex(), index -> new ArrayList<>())
                    .addAll(reads);
        }
    }

    /** Removes and returns the reads of a round that can't be confirmed. */
    List<ClientRequest> refuse(ReadId id) {
        List<ClientRequest> reads = asked.remove(id.counter());
        return reads == null ? List.of() : reads;
    }

    /** Removes and returns those that a state which applied so far may serve. */
    List<ClientRequest> takeServable(long appliedIndex) {
        if (confirmed.isEmpty() || confirmed.firstKey() > appliedIndex) {
            return List.of();
        }
        List<ClientRequest> servable = new ArrayList<>();
        while (!confirmed.isEmpty() && confirmed.firstKey() <= appliedIndex) {
            servable.addAll(confirmed.pollFirstEntry().getValue());
        }
        return servable;
    }

    /** Removes and returns those whose deadline passed. */
    List<ClientRequest> takeExpired(long nowNanos) {
        List<ClientRequest> expired = new ArrayList<>();
        takeExpired(asked, nowNanos, expired);
        takeExpired(confirmed, nowNanos, expired);
        return expired;
    }

    boolean isEmpty() {
        return asked.isEmpty() && confirmed.isEmpty();
    }

    private static void takeExpired(
            Map<Long, List<ClientRequest>> waiting, long nowNanos, List<ClientRequest> expired) {
        for (Iterator<List<ClientRequest>> lists = waiting.values().iterator(); lists.hasNext(); ) {
            List<ClientRequest> reads = lists.next();
            reads.removeIf(read -> {
                boolean late = read.deadlineNanos() - nowNanos < 0;
                if (late) {
                    expired.add(read);
                }
                return late;
            });
            if (reads.isEmpty()) {
                lists.remove();
            }
        }
    }
}
