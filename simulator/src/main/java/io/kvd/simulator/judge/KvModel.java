package io.kvd.simulator.judge;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryKind;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.CompareAndSetCommand;
import io.kvd.protocol.CompareAndSetResult;
import io.kvd.protocol.DeleteResult;
import io.kvd.protocol.EmptyResult;
import io.kvd.protocol.ExpireSessionsCommand;
import io.kvd.protocol.ExpiringSession;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.OpenSessionResult;
import io.kvd.protocol.PutResult;
import io.kvd.protocol.Result;
import io.kvd.simulator.world.Violation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the committed entries mean (docs/semantics.md), said once more and plainly: one store, one entry at a time, with
 * all of its past. The bounds on sessions and kept replies are out of a simulated client's reach and not said.
 */
final class KvModel {
    private final TreeMap<ByteString, KeyValue> rows =
            new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    /** By key, by revision: the row since then; the default instance if it was deleted. */
    private final TreeMap<ByteString, TreeMap<Long, KeyValue>> past =
            new TreeMap<>(ByteString.unsignedLexicographicalComparator());

    private final TreeMap<Long, ModelSession> sessions = new TreeMap<>();
    private long revision = 1;
    private long logTimeMs;

    private static final class ModelSession {
        private final ByteString nonce;
        private final long ttlMs;
        private long lastActiveMs;
        private long lowestUnanswered;
        private final TreeMap<Long, Kept> kept = new TreeMap<>();

        private ModelSession(ByteString nonce, long ttlMs, long nowMs) {
            this.nonce = nonce;
            this.ttlMs = ttlMs;
            this.lastActiveMs = nowMs;
        }
    }

    private record Kept(Bytes payload, Result result) {}

    /** What an entry came to: its answer, and whether the command was executed or answered without. */
    record Applied(Result result, How how) {}

    enum How {
        EXECUTED,
        ANSWERED_BEFORE,
        REFUSED,
        NO_COMMAND
    }

    long revision() {
        return revision;
    }

    int sessionCount() {
        return sessions.size();
    }

    /** Answers that clients did not confirm yet. */
    int keptReplies() {
        return sessions.values().stream()
                .mapToInt(session -> session.kept.size())
                .sum();
    }

    /** The rows now, in key order. */
    Iterable<KeyValue> rows() {
        return rows.values();
    }

    /**
     * The rows of [from, to) as they were at the revision; an empty {@code to} = the one key, a single zero byte = to
     * the end.
     */
    List<KeyValue> rowsAt(long atRevision, ByteString from, ByteString to) {
        boolean isToEnd = to.size() == 1 && to.byteAt(0) == 0;
        var range = to.isEmpty()
                ? past.subMap(from, true, from, true)
                : isToEnd ? past.tailMap(from, true) : past.subMap(from, true, to, false);
        List<KeyValue> found = new ArrayList<>();
        for (TreeMap<Long, KeyValue> versions : range.values()) {
            var version = versions.floorEntry(atRevision);
            if (version != null && version.getValue().getModRevision() > 0) {
                found.add(version.getValue());
            }
        }
        return found;
    }

    /** Executes the next committed entry. */
    Applied apply(Entry entry) {
        logTimeMs = Math.max(logTimeMs, entry.stamp().logTimeMs());
        if (entry.kind() != EntryKind.COMMAND) {
            return new Applied(Result.getDefaultInstance(), How.NO_COMMAND);
        }
        Entry.Origin origin = entry.origin();
        if (origin.sessionId() == 0) {
            return new Applied(execute(entry), How.EXECUTED);
        }
        ModelSession session = sessions.get(origin.sessionId());
        if (session == null) {
            return refused(Code.SESSION_EXPIRED);
        }
        session.lastActiveMs = logTimeMs;
        session.lowestUnanswered = Math.max(session.lowestUnanswered, origin.lowestUnanswered());
        session.kept.headMap(session.lowestUnanswered).clear();
        if (origin.sequence() < session.lowestUnanswered) {
            return refused(Code.ALREADY_ANSWERED);
        }
        Kept kept = session.kept.get(origin.sequence());
        if (kept != null) {
            return kept.payload().equals(entry.payload())
                    ? new Applied(kept.result(), How.ANSWERED_BEFORE)
                    : refused(Code.INVALID_ARGUMENT);
        }
        Result result = execute(entry);
        session.kept.put(origin.sequence(), new Kept(entry.payload(), result));
        return new Applied(result, How.EXECUTED);
    }

    private Applied refused(Code code) {
        return new Applied(answer(code).build(), How.REFUSED);
    }

    private Result execute(Entry entry) {
        Command command;
        try {
            command = Command.parseFrom(entry.payload().toArray());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("entry " + entry.id() + " holds no command", e);
        }
        return switch (command.getOpCase()) {
            case PUT -> {
                put(command.getPut().getKey(), command.getPut().getValue());
                yield answer(Code.OK).setPut(PutResult.getDefaultInstance()).build();
            }
            case DELETE -> delete(command.getDelete().getKey());
            case COMPARE_AND_SET -> compareAndSet(command.getCompareAndSet());
            case OPEN_SESSION -> open(entry, command.getOpenSession());
            case CLOSE_SESSION -> {
                sessions.remove(command.getCloseSession().getSessionId());
                yield empty();
            }
            case KEEP_SESSION_ALIVE -> keepAlive(command.getKeepSessionAlive().getSessionId());
            case EXPIRE_SESSIONS -> expire(entry, command.getExpireSessions());
            case OP_NOT_SET -> answer(Code.INVALID_ARGUMENT).build();
        };
    }

    private void put(ByteString key, ByteString value) {
        revision++;
        Optional<KeyValue> before = Optional.ofNullable(rows.get(key));
        KeyValue row = KeyValue.newBuilder()
                .setKey(key)
                .setValue(value)
                .setCreateRevision(before.map(KeyValue::getCreateRevision).orElse(revision))
                .setModRevision(revision)
                .setVersion(before.map(KeyValue::getVersion).orElse(0L) + 1)
                .build();
        rows.put(key, row);
        past.computeIfAbsent(key, k -> new TreeMap<>()).put(revision, row);
    }

    private Result delete(ByteString key) {
        boolean existed = rows.remove(key) != null;
        if (existed) {
            revision++;
            past.computeIfAbsent(key, k -> new TreeMap<>())
                    .put(revision, KeyValue.getDefaultInstance());
        }
        return answer(Code.OK)
                .setDelete(DeleteResult.newBuilder().setDeleted(existed ? 1 : 0))
                .build();
    }

    private Result compareAndSet(CompareAndSetCommand command) {
        long found = Optional.ofNullable(rows.get(command.getKey()))
                .map(KeyValue::getModRevision)
                .orElse(0L);
        boolean succeeds = found == command.getExpectedModRevision();
        if (succeeds) {
            put(command.getKey(), command.getValue());
        }
        return answer(Code.OK)
                .setCompareAndSet(CompareAndSetResult.newBuilder()
                        .setSucceeded(succeeds)
                        .setCurrentModRevision(succeeds ? revision : found))
                .build();
    }

    private Result open(Entry entry, OpenSessionCommand command) {
        for (var known : sessions.entrySet()) {
            if (known.getValue().nonce.equals(command.getNonce())) {
                known.getValue().lastActiveMs = logTimeMs;
                return opened(known.getKey(), known.getValue().ttlMs);
            }
        }
        sessions.put(
                entry.index(), new ModelSession(command.getNonce(), command.getTtlMs(), logTimeMs));
        return opened(entry.index(), command.getTtlMs());
    }

    private Result opened(long sessionId, long ttlMs) {
        return answer(Code.OK)
                .setOpenSession(
                        OpenSessionResult.newBuilder().setSessionId(sessionId).setTtlMs(ttlMs))
                .build();
    }

    private Result keepAlive(long sessionId) {
        ModelSession session = sessions.get(sessionId);
        if (session == null) {
            return answer(Code.SESSION_EXPIRED).build();
        }
        session.lastActiveMs = logTimeMs;
        return empty();
    }

    private Result expire(Entry entry, ExpireSessionsCommand command) {
        for (ExpiringSession named : command.getSessionsList()) {
            ModelSession session = sessions.get(named.getSessionId());
            boolean isSilent = session != null
                    && session.lastActiveMs == named.getLastActiveLogTimeMs()
                    && command.getTerm() == entry.term();
            if (session != null && isSilent) {
                checkTime(session, entry);
            }
            if (isSilent) {
                sessions.remove(named.getSessionId());
            }
        }
        return empty();
    }

    private static void checkTime(ModelSession session, Entry expiry) {
        long silentMs = expiry.stamp().logTimeMs() - session.lastActiveMs;
        if (silentMs < session.ttlMs) {
            throw new Violation(
                    "sessions live for their time",
                    "entry %d expires one that was silent for %d ms and lives for %d ms (docs/semantics.md, sessions)"
                            .formatted(expiry.index(), silentMs, session.ttlMs));
        }
    }

    private Result empty() {
        return answer(Code.OK).setEmpty(EmptyResult.getDefaultInstance()).build();
    }

    private Result.Builder answer(Code code) {
        return Result.newBuilder().setCode(code).setRevision(revision);
    }
}
