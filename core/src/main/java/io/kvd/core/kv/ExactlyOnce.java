package io.kvd.core.kv;

import io.kvd.core.base.Hash128;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;

import java.util.Optional;

/**
 * Whether a session's write is executed, or answered without: a retry gets the answer that was kept, and what could be
 * executed twice is refused (thesis §6.3, docs/semantics.md). Apply thread.
 */
final class ExactlyOnce {
    static final String NO_SESSION = "the session expired, was closed, or never was";

    private final Sessions sessions;

    ExactlyOnce(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * The answer of a write that must not be executed; empty if it must. A refusal is not kept: it says that nothing
     * was executed, and a retry may find another state.
     */
    Optional<Answer> answerWithoutExecuting(Entry entry, long logTimeMs, long revision) {
        Entry.Origin origin = entry.origin();
        Optional<Session> open = sessions.find(origin.sessionId());
        if (open.isEmpty()) {
            // Never opened on the way: after an expiry the write may be executed already.
            return refused(Code.SESSION_EXPIRED, NO_SESSION, revision);
        }
        if (!sessions.rules().inOrder(origin) || !sessions.rules().inWindow(origin)) {
            return refused(
                    Code.INVALID_ARGUMENT, "the sequence is out of the session's window", revision);
        }
        Session session = open.get();
        sessions.arrived(session, logTimeMs, origin.lowestUnanswered());
        if (origin.sequence() < session.lowestUnanswered()) {
            return refused(
                    Code.ALREADY_ANSWERED, "the client said that it has this answer", revision);
        }
        Optional<KeptReply> kept = session.reply(origin.sequence());
        if (kept.isPresent()) {
            return kept.get().commandHash() == commandHash(entry)
                    ? Optional.of(sessions.answer(session, kept.get()))
                    : refused(
                            Code.INVALID_ARGUMENT,
                            "the sequence was used for another command",
                            revision);
        }
        return sessions.mayKeepAnother()
                ? Optional.empty()
                : refused(
                        Code.BUSY,
                        "too many answers are kept that clients did not confirm",
                        revision);
    }

    /** Keeps the answer of a write that was executed. */
    void executed(Entry entry, Answer answer) {
        Session session = sessions.require(entry.origin().sessionId());
        sessions.keep(session, entry.origin().sequence(), commandHash(entry), answer);
    }

    private static long commandHash(Entry entry) {
        return Hash128.of(entry.payload()).low();
    }

    private static Optional<Answer> refused(Code code, String sentence, long revision) {
        return Optional.of(Answer.of(Decision.refused(code, sentence, revision).result()));
    }
}
