package io.kvd.core.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryKind;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.CompareAndSetResult;
import io.kvd.protocol.DeleteResult;
import io.kvd.protocol.EmptyResult;
import io.kvd.protocol.ExpiringSession;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.OpenSessionResult;
import io.kvd.protocol.PutResult;
import io.kvd.protocol.Result;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the state machine should do, said in the plainest way: maps, one entry at a time, nothing stored. Answers are
 * without sentences; of kept ones it is told the length.
 */
final class NaiveModel {
    final TreeMap<String, KeyValue> keys = new TreeMap<>();
    final TreeMap<Long, NaiveSession> sessions = new TreeMap<>();
    private final SessionRules rules;
    private long revision = 1;
    private long logTimeMs;

    NaiveModel(SessionRules rules) {
        this.rules = rules;
    }

    static final class NaiveSession {
        ByteString nonce = ByteString.EMPTY;
        long ttlMs;
        long lastActiveMs;
        long lowest;
        final TreeMap<Long, Kept> kept = new TreeMap<>();
    }

    record Kept(Bytes payload, Result answer, long bytes) {}

    long revision() {
        return revision;
    }

    /** @param actualBytes how long the state machine's answer was, for the bound on kept answers */
    Result apply(Entry entry, int actualBytes) {
        logTimeMs = Math.max(logTimeMs, entry.stamp().logTimeMs());
        if (entry.kind() != EntryKind.COMMAND) {
            return Result.getDefaultInstance();
        }
        Entry.Origin origin = entry.origin();
        if (origin.sessionId() == 0) {
            return execute(entry);
        }
        NaiveSession session = sessions.get(origin.sessionId());
        if (session == null) {
            return answer(Code.SESSION_EXPIRED).build();
        }
        long ahead = origin.sequence() - origin.lowestUnanswered();
        if (origin.sequence() < 1
                || origin.lowestUnanswered() < 0
                || ahead < 0
                || ahead >= rules.maxUnanswered()) {
            return answer(Code.INVALID_ARGUMENT).build();
        }
        session.lastActiveMs = logTimeMs;
        session.lowest = Math.max(session.lowest, origin.lowestUnanswered());
        session.kept.headMap(session.lowest).clear();
        if (origin.sequence() < session.lowest) {
            return answer(Code.ALREADY_ANSWERED).build();
        }
        Kept kept = session.kept.get(origin.sequence());
        if (kept != null) {
            return kept.payload.equals(entry.payload())
                    ? kept.answer
                    : answer(Code.INVALID_ARGUMENT).build();
        }
        if (keptBytes() >= rules.replies().maxTotalBytes()) {
            return answer(Code.BUSY).build();
        }
        Result result = execute(entry);
        boolean large = actualBytes > rules.replies().maxKeptBytes();
        Result retry = large
                ? answer(result.getCode())
                        .setDropped(EmptyResult.getDefaultInstance())
                        .build()
                : result;
        session.kept.put(
                origin.sequence(),
                new Kept(entry.payload(), retry, large ? retry.getSerializedSize() : actualBytes));
        return result;
    }

    private long keptBytes() {
        long bytes = 0;
        for (NaiveSession session : sessions.values()) {
            for (Kept kept : session.kept.values()) {
                bytes += SessionRules.Replies.OVERHEAD_BYTES + kept.bytes;
            }
        }
        return bytes;
    }

    private Result execute(Entry entry) {
        Command command;
        try {
            command = Command.parseFrom(entry.payload().toArray());
        } catch (InvalidProtocolBufferException e) {
            return answer(Code.INVALID_ARGUMENT).build();
        }
        if (!command.getUnknownFields().isEmpty()
                || (entry.origin().sessionId() != 0
                        && command.getOpCase().getNumber() >= Command.OPEN_SESSION_FIELD_NUMBER)) {
            return answer(Code.INVALID_ARGUMENT).build();
        }
        return switch (command.getOpCase()) {
            case PUT -> {
                put(command.getPut().getKey(), command.getPut().getValue());
                yield answer(Code.OK).setPut(PutResult.getDefaultInstance()).build();
            }
            case DELETE -> {
                boolean there = keys.remove(command.getDelete().getKey().toStringUtf8()) != null;
                revision += there ? 1 : 0;
                yield answer(Code.OK)
                        .setDelete(DeleteResult.newBuilder().setDeleted(there ? 1 : 0))
                        .build();
            }
            case COMPARE_AND_SET -> compareAndSet(command);
            case OPEN_SESSION -> open(entry, command);
            case CLOSE_SESSION -> {
                sessions.remove(command.getCloseSession().getSessionId());
                yield empty();
            }
            case KEEP_SESSION_ALIVE -> {
                NaiveSession session =
                        sessions.get(command.getKeepSessionAlive().getSessionId());
                if (session == null) {
                    yield answer(Code.SESSION_EXPIRED).build();
                }
                session.lastActiveMs = logTimeMs;
                yield empty();
            }
            case EXPIRE_SESSIONS -> {
                for (ExpiringSession named : command.getExpireSessions().getSessionsList()) {
                    NaiveSession session = sessions.get(named.getSessionId());
                    if (command.getExpireSessions().getTerm() == entry.term()
                            && session != null
                            && session.lastActiveMs == named.getLastActiveLogTimeMs()) {
                        sessions.remove(named.getSessionId());
                    }
                }
                yield empty();
            }
            case OP_NOT_SET -> answer(Code.INVALID_ARGUMENT).build();
        };
    }

    private void put(ByteString key, ByteString value) {
        revision++;
        KeyValue before = keys.get(key.toStringUtf8());
        keys.put(
                key.toStringUtf8(),
                KeyValue.newBuilder()
                        .setKey(key)
                        .setValue(value)
                        .setCreateRevision(before == null ? revision : before.getCreateRevision())
                        .setModRevision(revision)
                        .setVersion(before == null ? 1 : before.getVersion() + 1)
                        .build());
    }

    private Result compareAndSet(Command command) {
        String key = command.getCompareAndSet().getKey().toStringUtf8();
        long mod = keys.getOrDefault(key, KeyValue.getDefaultInstance()).getModRevision();
        boolean succeeded = mod == command.getCompareAndSet().getExpectedModRevision();
        if (succeeded) {
            put(command.getCompareAndSet().getKey(), command.getCompareAndSet().getValue());
        }
        return answer(Code.OK)
                .setCompareAndSet(CompareAndSetResult.newBuilder()
                        .setSucceeded(succeeded)
                        .setCurrentModRevision(succeeded ? revision : mod))
                .build();
    }

    private Result open(Entry entry, Command command) {
        ByteString nonce = command.getOpenSession().getNonce();
        long ttlMs = command.getOpenSession().getTtlMs();
        if (nonce.size() != 16
                || ttlMs < rules.ttl().minMs()
                || ttlMs > rules.ttl().maxMs()) {
            return answer(Code.INVALID_ARGUMENT).build();
        }
        Optional<Map.Entry<Long, NaiveSession>> opened = sessions.entrySet().stream()
                .filter(session -> session.getValue().nonce.equals(nonce))
                .findFirst();
        if (opened.isPresent()) {
            opened.get().getValue().lastActiveMs = logTimeMs;
            return opened(opened.get().getKey(), opened.get().getValue().ttlMs);
        }
        if (sessions.size() >= rules.maxSessions()) {
            return answer(Code.TOO_MANY_SESSIONS).build();
        }
        NaiveSession session = new NaiveSession();
        session.nonce = nonce;
        session.ttlMs = ttlMs;
        session.lastActiveMs = logTimeMs;
        sessions.put(entry.index(), session);
        return opened(entry.index(), ttlMs);
    }

    private Result opened(long sessionId, long ttlMs) {
        return answer(Code.OK)
                .setOpenSession(
                        OpenSessionResult.newBuilder().setSessionId(sessionId).setTtlMs(ttlMs))
                .build();
    }

    private Result empty() {
        return answer(Code.OK).setEmpty(EmptyResult.getDefaultInstance()).build();
    }

    private Result.Builder answer(Code code) {
        return Result.newBuilder().setCode(code).setRevision(revision);
    }
}
