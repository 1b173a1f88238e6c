package io.kvd.core.kv;

import static io.kvd.core.kv.TestLog.compareAndSet;
import static io.kvd.core.kv.TestLog.delete;
import static io.kvd.core.kv.TestLog.keepAlive;
import static io.kvd.core.kv.TestLog.put;
import static io.kvd.core.kv.TestLog.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryKind;
import io.kvd.protocol.Code;
import io.kvd.protocol.Result;

import org.junit.jupiter.api.Test;

import java.util.List;

/** A session's write is executed once, whatever happens to its answer (thesis §6.3). */
class ExactlyOnceTest {
    private final TestReplica replica = new TestReplica();

    @Test
    void aRetryGetsTheSameAnswerAndIsNotExecuted() {
        long session = replica.openSession(1);
        Result first = replica.apply(compareAndSet("k", "1", 0), write(session, 1));
        replica.apply(put("other", "x"));

        Result retry = replica.apply(compareAndSet("k", "1", 0), write(session, 1));

        assertThat(first.getCompareAndSet().getSucceeded()).isTrue();
        assertThat(retry).isEqualTo(first);
        assertThat(replica.machine().revision()).isEqualTo(3);
    }

    @Test
    void aRetryInTheSameBatchIsAnsweredFromTheFirstTry() {
        long session = replica.openSession(1);
        replica.log().append(put("k", "1"), write(session, 1));
        replica.log().append(put("k", "1"), write(session, 1));

        List<Answer> answers = replica.catchUp(2);

        assertThat(answers.get(1)).isEqualTo(answers.get(0));
        assertThat(replica.get("k").orElseThrow().getVersion()).isEqualTo(1);
    }

    @Test
    void aRetryAfterARestartIsAnsweredFromTheState() {
        long session = replica.openSession(1);
        Result first = replica.apply(put("k", "1"), write(session, 1));

        replica.restart();
        Result retry = replica.apply(put("k", "1"), write(session, 1));

        assertThat(retry).isEqualTo(first);
        assertThat(replica.get("k").orElseThrow().getVersion()).isEqualTo(1);
    }

    @Test
    void anExecutedRefusalIsAnAnswerToo() {
        long session = replica.openSession(1);
        Entry.Origin origin = write(session, 1);
        replica.log().append(EntryKind.COMMAND, origin, Bytes.utf8("not a command"));
        replica.log().append(EntryKind.COMMAND, origin, Bytes.utf8("not a command"));

        List<Answer> answers = replica.catchUp(1);

        assertThat(answers.get(0).code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(answers.get(1)).isEqualTo(answers.get(0));
    }

    @Test
    void theSameSequenceWithOtherBytesIsRefusedAndLeavesTheKeptAnswer() {
        long session = replica.openSession(1);
        Result first = replica.apply(put("k", "1"), write(session, 1));

        Result other = replica.apply(put("k", "2"), write(session, 1));

        assertThat(other.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(replica.get("k").orElseThrow().getValue().toStringUtf8()).isEqualTo("1");
        assertThat(replica.apply(put("k", "1"), write(session, 1))).isEqualTo(first);
    }

    @Test
    void aSequenceBelowTheLowestUnansweredIsAlreadyAnswered() {
        long session = replica.openSession(1);
        replica.apply(put("k", "1"), write(session, 1));
        replica.apply(put("k", "2"), write(session, 2, 2));

        Result late = replica.apply(put("k", "1"), write(session, 1));

        assertThat(late.getCode()).isEqualTo(Code.ALREADY_ANSWERED);
        assertThat(replica.get("k").orElseThrow().getVersion()).isEqualTo(2);
    }

    @Test
    void theLowestUnansweredSequenceItselfIsStillKept() {
        long session = replica.openSession(1);
        Result first = replica.apply(put("a", "1"), write(session, 1));
        replica.apply(put("b", "1"), write(session, 2, 1));

        assertThat(replica.apply(put("a", "1"), write(session, 1))).isEqualTo(first);
    }

    @Test
    void anOldEntryDoesNotLowerTheLowestUnanswered() {
        long session = replica.openSession(1);
        replica.apply(put("k", "5"), write(session, 5, 5));

        Result late = replica.apply(put("k", "4"), write(session, 4, 1));

        assertThat(late.getCode()).isEqualTo(Code.ALREADY_ANSWERED);
    }

    @Test
    void writesOfOneSessionMayArriveOutOfOrder() {
        long session = replica.openSession(1);
        Result second = replica.apply(put("b", "2"), write(session, 2));
        Result first = replica.apply(put("a", "1"), write(session, 1));

        assertThat(first.getCode()).isEqualTo(Code.OK);
        assertThat(replica.apply(put("b", "2"), write(session, 2))).isEqualTo(second);
        assertThat(replica.apply(put("a", "1"), write(session, 1))).isEqualTo(first);
        assertThat(replica.machine().revision()).isEqualTo(3);
    }

    @Test
    void sessionsDoNotShareSequences() {
        long one = replica.openSession(1);
        long two = replica.openSession(2);

        replica.apply(put("k", "1"), write(one, 1));
        replica.apply(put("k", "2"), write(two, 1));

        assertThat(replica.get("k").orElseThrow().getVersion()).isEqualTo(2);
    }

    @Test
    void aWriteOfAnUnknownSessionIsRefusedAndOpensNone() {
        Result result = replica.apply(put("k", "1"), write(99, 1));

        assertThat(result.getCode()).isEqualTo(Code.SESSION_EXPIRED);
        assertThat(replica.get("k")).isEmpty();
        assertThat(replica.machine().sessionCount()).isZero();
    }

    @Test
    void aWindowOfOneThousandAndTwentyFourWritesIsAllowedAndNotOneMore() {
        long session = replica.openSession(1);
        replica.apply(put("k", "1"), write(session, 1));

        Result last = replica.apply(put("k", "2"), write(session, 1_024, 1));
        Result over = replica.apply(put("k", "3"), write(session, 1_025, 1));
        Result moved = replica.apply(put("k", "3"), write(session, 1_025, 2));

        assertThat(last.getCode()).isEqualTo(Code.OK);
        assertThat(over.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(moved.getCode()).isEqualTo(Code.OK);
        assertThat(replica.get("k").orElseThrow().getVersion()).isEqualTo(3);
    }

    @Test
    void numbersThatCanNotBeTrueAreRefusedAndChangeNothing() {
        long session = replica.openSession(1);
        Bytes before = replica.machine().stateHash();

        for (Entry.Origin origin :
                List.of(write(session, 0, 0), write(session, -1, -2), write(session, 3, -1))) {
            assertThat(replica.apply(put("k", "1"), origin).getCode())
                    .isEqualTo(Code.INVALID_ARGUMENT);
        }
        assertThat(replica.machine().stateHash()).isEqualTo(before);
    }

    @Test
    void aCommandAboutSessionsIsNoSessionsWrite() {
        long session = replica.openSession(1);

        assertThat(replica.apply(keepAlive(session), write(session, 1)).getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(replica.apply(TestLog.closeSession(session), write(session, 2))
                        .getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(replica.machine().sessionCount()).isEqualTo(1);
    }

    @Test
    void aSessionsRowIsWrittenOnceABatchHoweverManyOfItsWritesItHolds() {
        long session = replica.openSession(1);
        for (int sequence = 1; sequence <= 50; sequence++) {
            replica.log().append(put("k", "v" + sequence), write(session, sequence));
        }

        replica.catchUp(50);

        // The key, the session, the state itself.
        assertThat(replica.store().lastBatch().rows()).hasSize(3);
    }

    @Test
    void aLargeAnswerIsKeptInARowOfItsOwnUntilItIsAnswered() {
        TestReplica small = new TestReplica(new TestLog(), rules(replies(4, 1_000, 1_000_000)));
        long session = small.openSession(1);
        Result first = small.apply(delete("k"), write(session, 1));
        Bytes resultRow = StateKeys.sessionResult(session, 1);

        assertThat(small.store().get(resultRow)).isPresent();
        small.apply(put("other", "x"));
        assertThat(small.store().lastBatch().rows()).doesNotContainKey(resultRow);
        assertThat(small.apply(delete("k"), write(session, 1))).isEqualTo(first);
        small.restart();
        assertThat(small.apply(delete("k"), write(session, 1))).isEqualTo(first);

        small.apply(delete("k"), write(session, 2, 2));
        assertThat(small.store().get(resultRow)).isEmpty();
    }

    @Test
    void aLargeAnswerIsKnownToARetryInTheSameBatch() {
        TestReplica small = new TestReplica(new TestLog(), rules(replies(4, 1_000, 1_000_000)));
        long session = small.openSession(1);
        small.log().append(delete("k"), write(session, 1));
        small.log().append(delete("k"), write(session, 1));
        small.log().append(delete("k"), write(session, 2, 2));

        List<Answer> answers = small.catchUp(3);

        assertThat(answers.get(1)).isEqualTo(answers.get(0));
        assertThat(small.store().get(StateKeys.sessionResult(session, 1))).isEmpty();
    }

    @Test
    void closingASessionDropsItsLargeAnswers() {
        TestReplica small = new TestReplica(new TestLog(), rules(replies(4, 1_000, 1_000_000)));
        long session = small.openSession(1);
        small.apply(delete("k"), write(session, 1));

        small.apply(TestLog.closeSession(session));

        assertThat(small.store().rows()).hasSize(1);
    }

    @Test
    void ofAnAnswerTooLargeToKeepARetryIsToldTheRevision() {
        TestReplica small = new TestReplica(new TestLog(), rules(replies(4, 8, 1_000_000)));
        long session = small.openSession(1);
        Result first = small.apply(compareAndSet("k", "v", 0), write(session, 1));
        small.apply(put("other", "x"));

        Result retry = small.apply(compareAndSet("k", "v", 0), write(session, 1));

        assertThat(first.hasCompareAndSet()).isTrue();
        assertThat(retry.hasDropped()).isTrue();
        assertThat(retry.getCode()).isEqualTo(Code.OK);
        assertThat(retry.getRevision()).isEqualTo(2);
        assertThat(small.get("k").orElseThrow().getVersion()).isEqualTo(1);
    }

    @Test
    void whenTooMuchIsKeptNothingMoreIsExecutedUntilClientsConfirm() {
        long answerBytes = new TestReplica().apply(put("a", "1")).getSerializedSize();
        long twoAnswers = 2 * (SessionRules.Replies.OVERHEAD_BYTES + answerBytes);
        TestReplica small = new TestReplica(new TestLog(), rules(replies(256, 1_000, twoAnswers)));
        long session = small.openSession(1);
        Result first = small.apply(put("a", "1"), write(session, 1));
        small.apply(put("b", "1"), write(session, 2));

        assertThat(small.apply(put("c", "1"), write(session, 3)).getCode()).isEqualTo(Code.BUSY);
        assertThat(small.get("c")).isEmpty();
        assertThat(small.apply(put("a", "1"), write(session, 1))).isEqualTo(first);
        small.restart();
        assertThat(small.apply(put("c", "1"), write(session, 3)).getCode()).isEqualTo(Code.BUSY);

        // The retry confirms what came before it, and so makes its own room.
        assertThat(small.apply(put("c", "1"), write(session, 3, 2)).getCode()).isEqualTo(Code.OK);
    }

    private static SessionRules rules(SessionRules.Replies replies) {
        SessionRules level1 = SessionRules.LEVEL_1;
        return new SessionRules(
                level1.maxSessions(), level1.maxUnanswered(), level1.ttl(), replies);
    }

    private static SessionRules.Replies replies(
            int maxInlineBytes, int maxKeptBytes, long maxTotalBytes) {
        return new SessionRules.Replies(maxInlineBytes, maxKeptBytes, maxTotalBytes);
    }
}
