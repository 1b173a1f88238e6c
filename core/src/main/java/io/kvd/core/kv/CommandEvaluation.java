package io.kvd.core.kv;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.CompareAndSetCommand;
import io.kvd.protocol.CompareAndSetResult;
import io.kvd.protocol.DeleteCommand;
import io.kvd.protocol.DeleteResult;
import io.kvd.protocol.EmptyResult;
import io.kvd.protocol.ExpireSessionsCommand;
import io.kvd.protocol.ExpiringSession;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.OpenSessionResult;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.PutResult;
import io.kvd.protocol.Result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What each command does, as a function of the command, its entry and the state: it reads rows and sessions and
 * changes nothing. No limit of a node's configuration is known here (P7): what was committed is executed.
 */
final class CommandEvaluation {
    /** The high bits of session ids: counts restores from a backup, which forget all sessions. None yet. */
    private static final long RESTORE_EPOCH = 0;

    private static final int LOG_INDEX_BITS = 48;

    private final CurrentRows rows;
    private final Sessions sessions;

    CommandEvaluation(CurrentRows rows, Sessions sessions) {
        this.rows = rows;
        this.sessions = sessions;
    }

    /** What the command in that entry does to a keyspace at {@code revision}. */
    Decision evaluate(Entry entry, Command command, long revision) {
        if (entry.origin().sessionId() != 0 && Commands.isAboutSessions(command)) {
            return Decision.refused(
                    Code.INVALID_ARGUMENT,
                    "a command about sessions is not a session's write",
                    revision);
        }
        return switch (command.getOpCase()) {
            case PUT -> put(command.getPut(), revision);
            case DELETE -> delete(command.getDelete(), revision);
            case COMPARE_AND_SET -> compareAndSet(command.getCompareAndSet(), revision);
            case OPEN_SESSION -> openSession(entry, command.getOpenSession(), revision);
            case CLOSE_SESSION -> closeSession(command.getCloseSession().getSessionId(), revision);
            case KEEP_SESSION_ALIVE ->
                keepAlive(command.getKeepSessionAlive().getSessionId(), revision);
            case EXPIRE_SESSIONS -> expire(entry, command.getExpireSessions(), revision);
            case OP_NOT_SET ->
                Decision.refused(
                        Code.INVALID_ARGUMENT, "not a command of this feature level", revision);
        };
    }

    private Decision put(PutCommand put, long revision) {
        if (put.getKey().isEmpty()) {
            return emptyKey(revision);
        }
        Bytes rowKey = StateKeys.current(put.getKey());
        return Decision.changed(
                written(rowKey, put.getValue(), revision + 1),
                revision + 1,
                Result.newBuilder().setPut(PutResult.getDefaultInstance()));
    }

    private Decision delete(DeleteCommand delete, long revision) {
        if (delete.getKey().isEmpty()) {
            return emptyKey(revision);
        }
        Bytes rowKey = StateKeys.current(delete.getKey());
        if (rows.get(rowKey).isEmpty()) {
            return Decision.unchanged(
                    revision, Result.newBuilder().setDelete(DeleteResult.getDefaultInstance()));
        }
        return Decision.changed(
                new Effect.Delete(rowKey),
                revision + 1,
                Result.newBuilder().setDelete(DeleteResult.newBuilder().setDeleted(1)));
    }

    private Decision compareAndSet(CompareAndSetCommand command, long revision) {
        if (command.getKey().isEmpty()) {
            return emptyKey(revision);
        }
        Bytes rowKey = StateKeys.current(command.getKey());
        Optional<RowHead> before = rows.get(rowKey);
        // An absent key compares as 0 (docs/semantics.md), so 0 expects absence.
        long modRevision = before.map(row -> row.revisions().modRevision()).orElse(0L);
        CompareAndSetResult.Builder result = CompareAndSetResult.newBuilder();
        if (modRevision != command.getExpectedModRevision()) {
            result.setCurrentModRevision(modRevision);
            return Decision.unchanged(revision, Result.newBuilder().setCompareAndSet(result));
        }
        result.setSucceeded(true).setCurrentModRevision(revision + 1);
        return Decision.changed(
                written(rowKey, command.getValue(), revision + 1),
                revision + 1,
                Result.newBuilder().setCompareAndSet(result));
    }

    private Effect written(Bytes rowKey, ByteString value, long revision) {
        KeyRevisions revisions = rows.get(rowKey)
                .map(row -> row.revisions().put(revision))
                .orElseGet(() -> KeyRevisions.created(revision));
        return new Effect.Put(rowKey, revisions, value);
    }

    private Decision openSession(Entry entry, OpenSessionCommand command, long revision) {
        SessionRules rules = sessions.rules();
        if (command.getNonce().size() != StateKeys.NONCE_BYTES
                || !rules.ttl().allows(command.getTtlMs())) {
            return Decision.refused(
                    Code.INVALID_ARGUMENT,
                    "nonce or ttl of the session is out of bounds",
                    revision);
        }
        Bytes nonce = Bytes.of(command.getNonce().toByteArray());
        Optional<Session> opened = sessions.ofNonce(nonce);
        if (opened.isPresent()) {
            Session session = opened.get();
            return Decision.changed(
                    new Effect.TouchSession(session.id()),
                    revision,
                    opened(session.id(), session.ttlMs()));
        }
        if (sessions.count() >= rules.maxSessions()) {
            return Decision.refused(Code.TOO_MANY_SESSIONS, "too many sessions are open", revision);
        }
        long id = RESTORE_EPOCH << LOG_INDEX_BITS | entry.index();
        return Decision.changed(
                new Effect.OpenSession(id, nonce, command.getTtlMs()),
                revision,
                opened(id, command.getTtlMs()));
    }

    private static Result.Builder opened(long sessionId, long ttlMs) {
        return Result.newBuilder()
                .setOpenSession(
                        OpenSessionResult.newBuilder().setSessionId(sessionId).setTtlMs(ttlMs));
    }

    /** What is gone is closed: a retried close succeeds. */
    private Decision closeSession(long sessionId, long revision) {
        return sessions.find(sessionId).isPresent()
                ? Decision.changed(new Effect.RemoveSession(sessionId), revision, empty())
                : Decision.unchanged(revision, empty());
    }

    private Decision keepAlive(long sessionId, long revision) {
        return sessions.find(sessionId).isPresent()
                ? Decision.changed(new Effect.TouchSession(sessionId), revision, empty())
                : Decision.refused(Code.SESSION_EXPIRED, ExactlyOnce.NO_SESSION, revision);
    }

    /** Guarded twice: by the term of who decided it, and per session by the activity that the decision was about. */
    private Decision expire(Entry entry, ExpireSessionsCommand command, long revision) {
        if (command.getTerm() != entry.term()) {
            return Decision.unchanged(revision, empty());
        }
        TreeSet<Long> silent = new TreeSet<>();
        for (ExpiringSession named : command.getSessionsList()) {
            Optional<Session> session = sessions.find(named.getSessionId());
            if (session.isPresent()
                    && session.get().lastActiveLogTimeMs() == named.getLastActiveLogTimeMs()) {
                silent.add(named.getSessionId());
            }
        }
        List<Effect> effects = new ArrayList<>(silent.size());
        silent.forEach(id -> effects.add(new Effect.RemoveSession(id)));
        return Decision.changed(effects, revision, empty());
    }

    private static Result.Builder empty() {
        return Result.newBuilder().setEmpty(EmptyResult.getDefaultInstance());
    }

    private static Decision emptyKey(long revision) {
        return Decision.refused(Code.INVALID_ARGUMENT, "the key is empty", revision);
    }
}
