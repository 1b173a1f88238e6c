package io.kvd.core.kv;

import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Command;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A state machine over rows in memory, and the log it applies. */
final class TestReplica {
    static final long TTL_MS = 10_000;
    /** For a few rows: some are known, and some have to be read. */
    private static final long ROW_CACHE_BYTES = 1_000;

    private final TestLog log;
    private final SessionRules rules;
    private MemoryStateStore store = new MemoryStateStore();
    private KvStateMachine machine;

    TestReplica() {
        this(new TestLog());
    }

    TestReplica(TestLog log) {
        this(log, SessionRules.LEVEL_1);
    }

    TestReplica(TestLog log, SessionRules rules) {
        this.log = log;
        this.rules = rules;
        this.machine = KvStateMachine.open(TestLog.GROUP, store, ROW_CACHE_BYTES, rules);
    }

    TestLog log() {
        return log;
    }

    KvStateMachine machine() {
        return machine;
    }

    MemoryStateStore store() {
        return store;
    }

    /** Forgets what is in memory. */
    void restart() {
        store = store.copy();
        machine = KvStateMachine.open(TestLog.GROUP, store, ROW_CACHE_BYTES, rules);
    }

    /** Applies what the log has and this replica has not, in batches of that many entries. */
    List<Answer> catchUp(int batchEntries) {
        List<Answer> answers = new ArrayList<>();
        while (machine.applied().index() < log.lastIndex()) {
            answers.addAll(applyOneBatch(batchEntries));
        }
        return answers;
    }

    /** Applies the next entries of the log, that many or as many as there are. */
    List<Answer> applyOneBatch(int entries) {
        long from = machine.applied().index() + 1;
        Run run = log.run(from, Math.min(from + entries, log.lastIndex() + 1));
        return machine.apply(List.of(run), List.of()).answers();
    }

    Result apply(Command command) {
        return apply(command, Entry.Origin.NONE);
    }

    /** Appends and applies one entry. */
    Result apply(Command command, Entry.Origin origin) {
        log.append(command, origin);
        return parse(lastAnswer());
    }

    Result applyBytes(Bytes payload) {
        log.append(EntryKind.COMMAND, Entry.Origin.NONE, payload);
        return parse(lastAnswer());
    }

    Answer apply(EntryKind kind, Bytes payload) {
        log.append(kind, Entry.Origin.NONE, payload);
        return lastAnswer();
    }

    /** Opens a session with a nonce of that number. */
    long openSession(int nonce) {
        return apply(TestLog.openSession(nonce, TTL_MS)).getOpenSession().getSessionId();
    }

    Optional<KeyValue> get(String key) {
        return read(RangeRequest.newBuilder().setKey(TestLog.bytes(key)).build())
                .getKvsList()
                .stream()
                .findFirst();
    }

    RangeResult read(RangeRequest request) {
        return readWith(view -> RangeReader.read(view, request));
    }

    <T> T readWith(Function<StateView, T> reader) {
        try (StateView view = store.view()) {
            return reader.apply(view);
        }
    }

    /** The answer's result; {@code ofNone} of an entry that has none. */
    static Result parse(Answer answer, Result ofNone) {
        return answer.result().isEmpty() ? ofNone : parse(answer);
    }

    static Result parse(Answer answer) {
        try {
            Result result = Result.parseFrom(answer.result().toArray());
            if (result.getCode() != answer.code()) {
                throw new AssertionError("code " + answer.code() + " of " + result);
            }
            return result;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private Answer lastAnswer() {
        List<Answer> answers = catchUp(Integer.MAX_VALUE);
        return answers.get(answers.size() - 1);
    }
}
