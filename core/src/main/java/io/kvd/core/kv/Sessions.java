package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;
import io.kvd.core.base.InvariantViolation;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All open sessions, on the heap, and what the running batch changed of their rows: a session's row is written once a
 * batch, however many of its writes the batch holds. Apply thread.
 */
final class Sessions {
    private final SessionRules rules;
    private final StateStore store;
    private final StateHash hash;
    private final TreeMap<Long, Session> open = new TreeMap<>();
    private final TreeMap<Bytes, Session> byNonce = new TreeMap<>();
    private final Deadlines deadlines = new Deadlines();
    /** What {@link SessionRules.Replies#maxTotalBytes} bounds. */
    private long keptBytes;

    private int keptReplies;

    /** Ids of the sessions that the batch opened, changed or removed. */
    private final TreeMap<Long, Optional<Session>> changed = new TreeMap<>();
    /** Rows of large results that the batch keeps or drops. */
    private final TreeMap<Bytes, Optional<Bytes>> changedResults = new TreeMap<>();

    Sessions(SessionRules rules, StateStore store, StateHash hash) {
        this.rules = rules;
        this.store = store;
        this.hash = hash;
    }

    /** Reads all sessions from their rows; the state hash holds them already. */
    void load() {
        try (StateView view = store.view();
                StateView.Cursor rows = view.scan(StateKeys.SESSION_FIRST, StateKeys.SESSION_END)) {
            while (rows.next()) {
                enter(new Session(
                        StateKeys.sessionId(rows.key()), StateKeys.decodeSession(rows.value())));
            }
        }
    }

    SessionRules rules() {
        return rules;
    }

    int count() {
        return open.size();
    }

    /** Answers that are kept for retries, of all sessions. */
    int keptReplies() {
        return keptReplies;
    }

    Optional<Session> find(long sessionId) {
        return Optional.ofNullable(open.get(sessionId));
    }

    Optional<Session> ofNonce(Bytes nonce) {
        return Optional.ofNullable(byNonce.get(nonce));
    }

    Session require(long sessionId) {
        return find(sessionId).orElseThrow();
    }

    /** Whether there is room for one more kept reply; the last one let in may go over the bound. */
    boolean mayKeepAnother() {
        return keptBytes < rules.replies().maxTotalBytes();
    }

    /** Sessions whose time is up at that log time, ascending by id, at most {@code max}. */
    List<Session> due(long logTimeMs, int max) {
        List<Session> due = deadlines.due(logTimeMs, max, this);
        due.sort(Comparator.comparingLong(Session::id));
        return due;
    }

    void open(Effect.OpenSession effect, long logTimeMs) {
        Session session = new Session(
                effect.sessionId(),
                new SessionRow(effect.nonce(), effect.ttlMs(), logTimeMs, 0, List.of()));
        enter(session);
        hash.add(session.hash());
        changed.put(session.id(), Optional.of(session));
    }

    void touch(Session session, long logTimeMs) {
        Hash128 before = session.hash();
        session.touch(logTimeMs);
        hash.replace(before, session.hash());
        changed.put(session.id(), Optional.of(session));
    }

    /** A write arrived: the session lives, and the client has all answers below {@code lowestUnanswered}. */
    void arrived(Session session, long logTimeMs, long lowestUnanswered) {
        Hash128 before = session.hash();
        session.touch(logTimeMs);
        session.answeredBelow(lowestUnanswered).forEach(reply -> drop(session, reply));
        hash.replace(before, session.hash());
        changed.put(session.id(), Optional.of(session));
    }

    void remove(Session session) {
        open.remove(session.id());
        byNonce.remove(session.nonce());
        deadlines.remove(session);
        hash.remove(session.hash());
        session.replies().forEach(reply -> drop(session, reply));
        changed.put(session.id(), Optional.empty());
    }

    /** Keeps the answer for a retry: in the session's row, in a row of its own, or, if it is too large, its revision. */
    void keep(Session session, long sequence, long commandHash, Answer answer) {
        boolean keepable = answer.result().length() <= rules.replies().maxKeptBytes();
        Bytes result = keepable ? answer.result() : answer.dropped().result();
        KeptReply reply = new KeptReply.Inline(sequence, commandHash, result);
        if (result.length() > rules.replies().maxInlineBytes()) {
            changedResults.put(
                    StateKeys.sessionResult(session.id(), sequence), Optional.of(result));
            reply = new KeptReply.Apart(sequence, commandHash, reply.resultHash(), result.length());
        }
        session.keep(reply);
        keptBytes += cost(reply);
        keptReplies++;
        hash.add(session.hashOf(reply));
        changed.put(session.id(), Optional.of(session));
    }

    /** The kept answer's bytes, as they were. */
    Answer answer(Session session, KeptReply reply) {
        Bytes result =
                reply instanceof KeptReply.Inline inline ? inline.result() : apart(session, reply);
        return Answer.ofKept(result);
    }

    /** Puts the changed rows into the batch, and begins the next one. */
    void writeTo(StateBatch batch) {
        changed.forEach((id, session) -> session.ifPresentOrElse(
                s -> batch.put(StateKeys.session(id), StateKeys.encodeSession(s.row())),
                () -> batch.delete(StateKeys.session(id))));
        changedResults.forEach((key, result) ->
                result.ifPresentOrElse(value -> batch.put(key, value), () -> batch.delete(key)));
        changed.clear();
        changedResults.clear();
    }

    private void enter(Session session) {
        open.put(session.id(), session);
        byNonce.put(session.nonce(), session);
        deadlines.add(session);
        List<KeptReply> replies = session.replies();
        replies.forEach(reply -> keptBytes += cost(reply));
        keptReplies += replies.size();
    }

    private void drop(Session session, KeptReply reply) {
        keptBytes -= cost(reply);
        keptReplies--;
        hash.remove(session.hashOf(reply));
        if (reply instanceof KeptReply.Apart) {
            changedResults.put(
                    StateKeys.sessionResult(session.id(), reply.sequence()), Optional.empty());
        }
    }

    private Bytes apart(Session session, KeptReply reply) {
        Bytes key = StateKeys.sessionResult(session.id(), reply.sequence());
        Optional<Bytes> ofThisBatch = changedResults.getOrDefault(key, Optional.empty());
        return ofThisBatch
                .or(() -> store.get(key))
                .orElseThrow(() -> new InvariantViolation("no row of the kept reply " + reply));
    }

    private static long cost(KeptReply reply) {
        return SessionRules.Replies.OVERHEAD_BYTES + (long) reply.resultBytes();
    }
}
