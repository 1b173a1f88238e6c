package io.kvd.core.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Run;
import io.kvd.protocol.CloseSessionCommand;
import io.kvd.protocol.Command;
import io.kvd.protocol.CompareAndSetCommand;
import io.kvd.protocol.DeleteCommand;
import io.kvd.protocol.ExpireSessionsCommand;
import io.kvd.protocol.ExpiringSession;
import io.kvd.protocol.KeepSessionAliveCommand;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.PutCommand;

import java.util.ArrayList;
import java.util.List;

/** A log to apply, and the commands that fill it. Index 1 is the first entry appended. */
final class TestLog {
    static final long GROUP = 1;

    private final List<Entry> entries = new ArrayList<>();
    private long term = 1;
    private long logTimeMs;

    long lastIndex() {
        return entries.size();
    }

    long logTimeMs() {
        return logTimeMs;
    }

    Entry entry(long index) {
        return entries.get((int) index - 1);
    }

    void advanceLogTime(long ms) {
        logTimeMs += ms;
    }

    void nextTerm() {
        term++;
    }

    long term() {
        return term;
    }

    long append(Command command) {
        return append(command, Entry.Origin.NONE);
    }

    long append(Command command, Entry.Origin origin) {
        return append(EntryKind.COMMAND, origin, Bytes.of(command.toByteArray()));
    }

    long append(EntryKind kind, Entry.Origin origin, Bytes payload) {
        long index = lastIndex() + 1;
        entries.add(new Entry(
                new EntryId(term, index),
                kind,
                new Entry.Stamp(logTimeMs, 1_000_000),
                origin,
                payload));
        return index;
    }

    /** Entries {@code fromIndex} (inclusive) to {@code toIndex} (exclusive) as a peer would get them. */
    Run run(long fromIndex, long toIndex) {
        Run encoded = Run.encode(GROUP, entries.subList((int) fromIndex - 1, (int) toIndex - 1));
        return Run.decode(GROUP, encoded.encoded());
    }

    static Command put(String key, String value) {
        return put(bytes(key), bytes(value));
    }

    static Command put(ByteString key, ByteString value) {
        return Command.newBuilder()
                .setPut(PutCommand.newBuilder().setKey(key).setValue(value))
                .build();
    }

    static Command delete(String key) {
        return Command.newBuilder()
                .setDelete(DeleteCommand.newBuilder().setKey(bytes(key)))
                .build();
    }

    static Command compareAndSet(String key, String value, long expectedModRevision) {
        return Command.newBuilder()
                .setCompareAndSet(CompareAndSetCommand.newBuilder()
                        .setKey(bytes(key))
                        .setValue(bytes(value))
                        .setExpectedModRevision(expectedModRevision))
                .build();
    }

    static Command openSession(int nonce, long ttlMs) {
        return Command.newBuilder()
                .setOpenSession(
                        OpenSessionCommand.newBuilder().setNonce(nonce(nonce)).setTtlMs(ttlMs))
                .build();
    }

    static Command closeSession(long sessionId) {
        return Command.newBuilder()
                .setCloseSession(CloseSessionCommand.newBuilder().setSessionId(sessionId))
                .build();
    }

    static Command keepAlive(long sessionId) {
        return Command.newBuilder()
                .setKeepSessionAlive(KeepSessionAliveCommand.newBuilder().setSessionId(sessionId))
                .build();
    }

    static Command expire(long term, List<ExpiringSession> sessions) {
        return Command.newBuilder()
                .setExpireSessions(
                        ExpireSessionsCommand.newBuilder().setTerm(term).addAllSessions(sessions))
                .build();
    }

    static Entry.Origin write(long sessionId, long sequence) {
        return write(sessionId, sequence, 1);
    }

    static Entry.Origin write(long sessionId, long sequence, long lowestUnanswered) {
        return new Entry.Origin(sessionId, sequence, lowestUnanswered, 0);
    }

    static ByteString nonce(int number) {
        Bytes nonce = new BytesWriter(StateKeys.NONCE_BYTES)
                .putLong(0)
                .putLong(number)
                .toBytes();
        return UnsafeByteOperations.unsafeWrap(nonce.array(), nonce.offset(), nonce.length());
    }

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
