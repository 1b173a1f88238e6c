package io.kvd.core.client;

import io.kvd.core.base.Check;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * An open session and its window of unanswered writes (docs/semantics.md, thesis §6.3). Its timer is the next keep-alive.
 * Invariant: {@code lowestUnanswered <= any unanswered sequence < nextSequence <= lowestUnanswered + MAX_IN_FLIGHT}.
 */
final class Session extends Timer {
    /** Writes of one session that may be unanswered at a time; the server keeps no more replies than that. */
    static final int MAX_IN_FLIGHT = 1_024;

    /**
     * Their bytes; a larger one goes alone. What lies at the end of a long line of megabytes would meet its deadline
     * before the server has read it, and be of unknown outcome.
     */
    static final long MAX_IN_FLIGHT_BYTES = 8L << 20;

    private final long id;
    private final long ttlNanos;
    private final @Nullable Call[] unanswered = new Call[MAX_IN_FLIGHT];
    private long nextSequence = 1;
    private long lowestUnanswered = 1;
    private boolean expired;
    private long inFlightBytes;

    /** When the cluster last said that the session lives; the keep-alive is due a third of the TTL later. */
    private long lastAliveNanos;

    Session(long id, long ttlMs, long nowNanos) {
        Check.that(id != 0 && ttlMs > 0, "session %d with a TTL of %d ms", id, ttlMs);
        this.id = id;
        this.ttlNanos = ttlMs * 1_000_000;
        this.lastAliveNanos = nowNanos;
    }

    long id() {
        return id;
    }

    long ttlNanos() {
        return ttlNanos;
    }

    /** The number that a request carries: replies below it are dropped by the cluster. */
    long lowestUnanswered() {
        return lowestUnanswered;
    }

    boolean isFull() {
        return nextSequence - lowestUnanswered >= MAX_IN_FLIGHT
                || inFlightBytes >= MAX_IN_FLIGHT_BYTES;
    }

    boolean isExpired() {
        return expired;
    }

    void expire() {
        expired = true;
    }

    void alive(long nowNanos) {
        lastAliveNanos = nowNanos;
    }

    long keepAliveDueNanos() {
        return lastAliveNanos + ttlNanos / 3;
    }

    /** Gives the write its place in the session. */
    void enter(Call call) {
        Check.that(!isFull() && !expired, "write enters session %d, which is full or expired", id);
        call.session = this;
        call.sequence = nextSequence++;
        unanswered[slot(call.sequence)] = call;
        inFlightBytes += bytesOf(call);
    }

    /** The write is over, or goes on in another session: its sequence is never sent again. */
    void leave(Call call) {
        Check.that(
                unanswered[slot(call.sequence)] == call,
                "sequence %d of session %d",
                call.sequence,
                id);
        unanswered[slot(call.sequence)] = null;
        inFlightBytes -= bytesOf(call);
        while (lowestUnanswered < nextSequence && unanswered[slot(lowestUnanswered)] == null) {
            lowestUnanswered++;
        }
    }

    /** The unanswered writes in order of sequence. */
    List<Call> unanswered() {
        List<Call> calls = new ArrayList<>();
        for (long sequence = lowestUnanswered; sequence < nextSequence; sequence++) {
            Call call = unanswered[slot(sequence)];
            if (call != null) {
                calls.add(call);
            }
        }
        return calls;
    }

    private static long bytesOf(Call call) {
        return call.what instanceof ClientCall.Write write ? write.command().size() : 0;
    }

    private static int slot(long sequence) {
        return (int) (sequence % MAX_IN_FLIGHT);
    }
}
