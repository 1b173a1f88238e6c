package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.Hash128;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** One open session on the heap. Owned by {@link Sessions}, on the apply thread. */
final class Session {
    private final long id;
    private final Bytes nonce;
    private final long ttlMs;
    /** Seed of this session's hashes: of what never changes. */
    private final Hash128 identity;

    /** The state machine's log time at the last sign of life. */
    private long lastActiveLogTimeMs;

    /** Never goes back. All kept replies have sequences from here on. */
    private long lowestUnanswered;

    private final TreeMap<Long, KeptReply> replies = new TreeMap<>();

    Session(long id, SessionRow row) {
        this.id = id;
        this.nonce = row.nonce();
        this.ttlMs = row.ttlMs();
        this.lastActiveLogTimeMs = row.lastActiveLogTimeMs();
        this.lowestUnanswered = row.lowestUnanswered();
        this.identity = Hash128.of(StateKeys.session(id)).then(nonce).then(ttlMs);
        for (KeptReply reply : row.replies()) {
            keep(reply);
        }
    }

    long id() {
        return id;
    }

    Bytes nonce() {
        return nonce;
    }

    long ttlMs() {
        return ttlMs;
    }

    long lastActiveLogTimeMs() {
        return lastActiveLogTimeMs;
    }

    long lowestUnanswered() {
        return lowestUnanswered;
    }

    /** The log time from which on it may be expired, if it stays silent. */
    long deadlineMs() {
        return lastActiveLogTimeMs + ttlMs;
    }

    /** A sign of life; the state machine's log time never goes back. */
    void touch(long logTimeMs) {
        lastActiveLogTimeMs = logTimeMs;
    }

    Optional<KeptReply> reply(long sequence) {
        return Optional.ofNullable(replies.get(sequence));
    }

    void keep(KeptReply reply) {
        Check.that(
                reply.sequence() >= lowestUnanswered,
                "reply %d below %d",
                reply.sequence(),
                lowestUnanswered);
        Check.that(
                replies.put(reply.sequence(), reply) == null,
                "reply %d kept twice",
                reply.sequence());
    }

    /** The client has the answers below {@code sequence}: forgets them, and returns what it forgot. */
    List<KeptReply> answeredBelow(long sequence) {
        lowestUnanswered = Math.max(lowestUnanswered, sequence);
        List<KeptReply> dropped = new ArrayList<>();
        while (!replies.isEmpty() && replies.firstKey() < lowestUnanswered) {
            dropped.add(replies.pollFirstEntry().getValue());
        }
        return dropped;
    }

    SessionRow row() {
        return new SessionRow(nonce, ttlMs, lastActiveLogTimeMs, lowestUnanswered, replies());
    }

    List<KeptReply> replies() {
        return List.copyOf(replies.values());
    }

    /** Hash of the session without its replies, which are logical rows of their own. */
    Hash128 hash() {
        return identity.then(lastActiveLogTimeMs).then(lowestUnanswered);
    }

    Hash128 hashOf(KeptReply reply) {
        Hash128 result = reply.resultHash();
        return identity.then(reply.sequence())
                .then(reply.commandHash())
                .then(result.high())
                .then(result.low());
    }
}
