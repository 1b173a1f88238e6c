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
    private static final Result.Builder EMPTY =
            Result.newBuilder().setEmpty(EmptyResult.getDefaultInstance());

    private final CurrentRows rows;
    private final Sessions sessions;

    CommandEvaluation(CurrentRows rows, Sessions sessions) {
        this.rows = rows;
        this.sessions = sessions;
    }

    /** @param nextRevision what the keyspace's revision will be if this command changes something */
    Decision evaluate(Entry entry, Command command, long nextRevision) {
        if (entry.origin().sessionId() != 0 && Commands.isAboutSessions(command)) {
            return Decision.refused(
                    Code.INVALID_ARGUMENT, "a command about sessions is not a session's write");
        }
        return switch (command.getOpCase()) {
            case PUT -> put(command.getPut(), nextRevision);
            case DELETE -> delete(command.getDelete());
            case COMPARE_AND_SET -> compareAndSet(command.getCompareAndSet(), nextRevision);
            case OPEN_SESSION -> openSession(entry, command.getOpenSession());
            case CLOSE_SESSION -> closeSession(command.getCloseSession().getSessionId());
            case KEEP_SESSION_ALIVE -> keepAlive(command.getKeepSessionAlive().getSessionId());
            case EXPIRE_SESSIONS -> expire(entry, command.getExpireSessions());
            case OP_NOT_SET ->
                Decision.refused(Code.INVALID_ARGUMENT, "not a command of this feature level");
        };
    }

    private Decision put(PutCommand put, long revision) {
        if (put.getKey().isEmpty()) {
            return emptyKey();
        }
        Bytes rowKey = StateKeys.current(put.getKey());
        return Decision.of(
                written(rowKey, rows.get(rowKey), put.getValue(), revision),
                Result.newBuilder().setPut(PutResult.getDefaultInstance()));
    }

    private Decision delete(DeleteCommand delete) {
        if (delete.getKey().isEmpty()) {
            return emptyKey();
        }
        Bytes rowKey = StateKeys.current(delete.getKey());
        boolean present = rows.get(rowKey).isPresent();
        Result.Builder result = Result.newBuilder()
                .setDelete(DeleteResult.newBuilder().setDeleted(present ? 1 : 0));
        return present
                ? Decision.of(new Effect.Delete(rowKey), result)
                : Decision.unchanged(result);
    }

    private Decision compareAndSet(CompareAndSetCommand command, long revision) {
        if (command.getKey().isEmpty()) {
            return emptyKey();
        }
        Bytes rowKey = StateKeys.current(command.getKey());
        Optional<CurrentRow> before = rows.get(rowKey);
        // An absent key compares as 0 (docs/semantics.md), so 0 expects absence.
        long modRevision = before.map(row -> row.revisions().modRevision()).orElse(0L);
        boolean succeeded = modRevision == command.getExpectedModRevision();
        Result.Builder result = Result.newBuilder()
                .setCompareAndSet(CompareAndSetResult.newBuilder()
                        .setSucceeded(succeeded)
                        .setCurrentModRevision(succeeded ? revision : modRevision));
        return succeeded
                ? Decision.of(written(rowKey, before, command.getValue(), revision), result)
                : Decision.unchanged(result);
    }

    private static Effect written(
            Bytes rowKey, Optional<CurrentRow> before, ByteString value, long revision) {
        KeyRevisions revisions = before.map(row -> row.revisions().put(revision))
                .orElseGet(() -> KeyRevisions.created(revision));
        return new Effect.Put(rowKey, revisions, value);
    }

    private Decision openSession(Entry entry, OpenSessionCommand command) {
        SessionRules rules = sessions.rules();
        if (command.getNonce().size() != StateKeys.NONCE_BYTES
                || !rules.ttl().allows(command.getTtlMs())) {
            return Decision.refused(
                    Code.INVALID_ARGUMENT, "nonce or ttl of the session is out of bounds");
        }
        Bytes nonce = Bytes.of(command.getNonce().toByteArray());
        Optional<Session> opened = sessions.ofNonce(nonce);
        if (opened.isPresent()) {
            Session session = opened.get();
            return Decision.of(
                    new Effect.TouchSession(session.id()), opened(session.id(), session.ttlMs()));
        }
        if (sessions.count() >= rules.maxSessions()) {
            return Decision.refused(Code.TOO_MANY_SESSIONS, "too many open sessions");
        }
        long id = RESTORE_EPOCH << LOG_INDEX_BITS | entry.index();
        return Decision.of(
                new Effect.OpenSession(id, nonce, command.getTtlMs()),
                opened(id, command.getTtlMs()));
    }

    private static Result.Builder opened(long sessionId, long ttlMs) {
        return Result.newBuilder()
                .setOpenSession(
                        OpenSessionResult.newBuilder().setSessionId(sessionId).setTtlMs(ttlMs));
    }

    /** What is gone is closed: a retried close succeeds. */
    private Decision closeSession(long sessionId) {
        return sessions.find(sessionId).isPresent()
                ? Decision.of(new Effect.RemoveSession(sessionId), EMPTY.clone())
                : Decision.unchanged(EMPTY.clone());
    }

    private Decision keepAlive(long sessionId) {
        return sessions.find(sessionId).isPresent()
                ? Decision.of(new Effect.TouchSession(sessionId), EMPTY.clone())
                : Decision.refused(
                        Code.SESSION_EXPIRED, "the session expired, was closed, or never was");
    }

    /** Guarded twice: by the term of who decided it, and per session by the activity that the decision was about. */
    private Decision expire(Entry entry, ExpireSessionsCommand command) {
        if (command.getTerm() != entry.term()) {
            return Decision.unchanged(EMPTY.clone());
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
        return Decision.of(effects, EMPTY.clone());
    }

    private static Decision emptyKey() {
        return Decision.refused(Code.INVALID_ARGUMENT, "the key is empty");
    }
}
