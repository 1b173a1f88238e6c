package io.kvd.core.client;

import static io.kvd.core.client.Script.applied;
import static io.kvd.core.client.Script.maybeCommitted;
import static io.kvd.core.client.Script.notLeader;
import static io.kvd.core.client.Script.read;
import static io.kvd.core.client.Script.refused;
import static io.kvd.core.client.Script.result;
import static io.kvd.core.client.Script.retryable;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.client.ClientCall.Write;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.protocol.Code;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.Reply;

import org.junit.jupiter.api.Test;

import java.util.List;

/** When an outcome is Unknown, and when it must not be (SEMANTICS.md §5). */
class OutcomeRulesTest {

    // Writes without a session: never sent again once they may have been applied.

    @Test
    void sessionlessPutIsUnknownWhenTheConnectionDiesAfterSending() {
        Script.with("a:1")
                .putWithoutSession(1)
                .up(1)
                .whatever()
                .lost(1)
                .shows("complete 1 Unknown");
    }

    @Test
    void sessionlessPutIsUnknownWhenItsTimeIsOverInFlight() {
        Script script = Script.with("a:1").putWithoutSession(1).up(1).whatever();

        for (int i = 0; i < 9; i++) {
            script.pass(500).reply(1, 99, read(1));
        }
        script.whatever().pass(500).shows("complete 1 Unknown");
    }

    @Test
    void sessionlessPutIsUnknownWhenTheServerDoesNotKnow() {
        Script.with("a:1")
                .putWithoutSession(1)
                .up(1)
                .whatever()
                .reply(1, 1, maybeCommitted())
                .shows("complete 1 Unknown");
    }

    @Test
    void sessionlessPutIsSentAgainAfterADefiniteRefusal() {
        Script.with("a:1")
                .putWithoutSession(1)
                .up(1)
                .whatever()
                .reply(1, 1, retryable(Code.BUSY).setRetryAfterMs(100))
                .pass(99)
                .showsNothing()
                .pass(30)
                .shows("send c1 r2 put 1");
    }

    @Test
    void sessionlessPutIsUnavailableWhenItWasNeverSent() {
        Script.with("a:1")
                .putWithoutSession(1)
                .shows("connect c1 a:1")
                .lost(1)
                .showsNothing()
                .pass(4_999)
                .whatever()
                .pass(2)
                .shows("complete 1 Unavailable CANNOT_CONNECT");
    }

    @Test
    void definiteRefusalAfterADefiniteRefusalIsNotUnknown() {
        Script.with("a:1")
                .putWithoutSession(1)
                .up(1)
                .reply(1, 1, retryable(Code.BUSY).setRetryAfterMs(10))
                .pass(20)
                .whatever()
                .reply(1, 2, refused(Code.NO_SPACE))
                .shows("complete 1 Refused NO_SPACE");
    }

    @Test
    void putThatWasOnlyRefusedIsNotSentInItsLastMoment() {
        for (int retryAfterMs = 20; retryAfterMs < 120; retryAfterMs++) {
            Script script = Script.with("a:1").putWithoutSession(1).up(1);
            for (int request = 1; script.pending(1); request++) {
                // Each answer takes 15 ms, and says for sure that nothing was done.
                script.whatever().pass(15);
                if (script.pending(1)) {
                    script.reply(
                            1, request, retryable(Code.NO_LEADER).setRetryAfterMs(retryAfterMs));
                }
                while (script.pending(1) && !script.sent("put 1")) {
                    script.pass(1);
                }
            }

            script.shows("complete 1 Unavailable NO_LEADER");
        }
    }

    @Test
    void putWhoseConnectionComesUpInItsLastMomentIsNotSent() {
        // Dialled at 0, 2 and 4 s.
        Script script = Script.with("a:1").putWithoutSession(1).pass(4_990).whatever();

        script.up(3).shows("complete 1 Unavailable CANNOT_CONNECT");
    }

    @Test
    void whatIsUnknownIsToldWithItsOwnReasonAndNotWithAnEarlierRefusal() {
        Script script = Script.with("a:1", "b:1").putWithoutSession(1).up(1).whatever();
        script.reply(1, 1, notLeader("b:1").setMessage("the leader is b:1")).up(2);
        for (int i = 0; i < 9; i++) {
            script.pass(500).reply(2, 99, read(1));
        }
        script.whatever().pass(500).says("sent to b:1, no answer within 5000 ms");
        script.shows("complete 1 Unknown");
    }

    @Test
    void whatNobodyServedIsToldAlikeWhomeverWeTriedLast() {
        // The leader's address refuses connections, the survivor knows no other.
        Script script = Script.with("a:1", "b:1").putWithoutSession(1).up(1);
        script.reply(1, 1, notLeader("b:1").setMessage("the leader is b:1")).lost(2);
        int connection = 2;
        int request = 1;
        while (script.pending(1)) {
            if (script.sent("put 1")) {
                script.whatever();
                script.reply(1, ++request, notLeader("b:1").setMessage("the leader is b:1"));
            } else if (script.sent("connect")) {
                script.whatever().lost(++connection);
            } else {
                script.pass(1);
            }
        }
        script.says("a:1 says: the leader is b:1; cannot connect to b:1: reset");
        script.shows("complete 1 Unavailable NO_LEADER");
    }

    @Test
    void putThatWaitsForASessionIsToldWhyNoneCanBeOpened() {
        Script script = Script.with("a:1").put(1).up(1);
        for (int request = 1; script.pending(1); ) {
            if (script.sent("open")) {
                script.whatever().reply(1, request++, retryable(Code.NO_LEADER).setMessage("none"));
            }
            script.pass(1);
        }
        script.shows("complete 1 Unavailable NO_LEADER");
    }

    @Test
    void putThatDidNotLeaveAsAWholeIsSentAgainWhenTheConnectionDies() {
        Script script = Script.with("a:1", "b:1")
                .putWithoutSession(1)
                .putWithoutSession(2)
                .up(1);

        script.whatever()
                .notSent(1, 2)
                .lost(1)
                .shows("complete 1 Unknown", "connect c2 b:1")
                .up(2)
                .shows("send c2 r1 put 2");
    }

    // Writes of a session: repeated until the session answers.

    @Test
    void sessionPutIsSentAgainWithTheSameSequenceWhenTheConnectionDies() {
        Script.withSession("a:1", "b:1")
                .put(1)
                .shows("send c1 r3 put 1 s7/2 from 2")
                .lost(1)
                .shows("connect c2 b:1")
                .up(2)
                .shows("send c2 r1 put 1 s7/2 from 2")
                .reply(2, 1, applied(9))
                .shows("complete 1 Ok at 9");
    }

    @Test
    void sessionPutIsSentAgainWhenTheServerDoesNotKnow() {
        Script.withSession("a:1")
                .put(1)
                .whatever()
                .reply(1, 3, maybeCommitted())
                .showsNothing()
                .pass(20)
                .shows("send c1 r4 put 1 s7/2 from 2")
                .reply(1, 4, applied(9))
                .shows("complete 1 Ok at 9");
    }

    @Test
    void sessionPutIsUnknownWhenItsTimeIsOverAfterALostAttempt() {
        Script.withSession("a:1")
                .put(1)
                .lost(1)
                .whatever()
                .pass(4_999)
                .whatever()
                .pass(2)
                .shows("complete 1 Unknown");
    }

    @Test
    void refusalDoesNotUndoAnEarlierAttemptThatIsUnknown() {
        Script.withSession("a:1")
                .put(1)
                .reply(1, 3, maybeCommitted())
                .pass(20)
                .whatever()
                .reply(1, 4, refused(Code.PERMISSION_DENIED))
                .shows("complete 1 Unknown");
    }

    @Test
    void answerOfTheSessionSettlesEarlierAttempts() {
        Script.withSession("a:1")
                .put(1)
                .reply(1, 3, maybeCommitted())
                .pass(20)
                .whatever()
                .reply(1, 4, result(Code.INVALID_ARGUMENT))
                .shows("complete 1 Refused INVALID_ARGUMENT");
    }

    @Test
    void alreadyAnsweredIsUnknownSinceTheAnswerIsGone() {
        Script.withSession("a:1")
                .put(1)
                .whatever()
                .reply(1, 3, result(Code.ALREADY_ANSWERED))
                .shows("complete 1 Unknown");
    }

    @Test
    void unreadableResultIsUnknown() {
        Script.withSession("a:1")
                .put(1)
                .whatever()
                .reply(
                        1,
                        3,
                        Reply.newBuilder()
                                .setCode(Code.OK)
                                .setResult(ByteString.copyFrom(new byte[] {-1})))
                .shows("complete 1 Unknown");
    }

    // Reads: never Unknown.

    @Test
    void readIsSentAgainWhenTheConnectionDies() {
        Script.with("a:1", "b:1")
                .get(1)
                .up(1)
                .whatever()
                .lost(1)
                .shows("connect c2 b:1")
                .up(2)
                .shows("send c2 r1 get")
                .reply(2, 1, read(5))
                .shows("complete 1 Ok at 5");
    }

    @Test
    void readThatIsNotAnsweredIsUnavailable() {
        Script script = Script.with("a:1").get(1).up(1);

        for (int i = 0; i < 9; i++) {
            script.pass(500).reply(1, 99, read(1));
        }
        script.whatever().pass(500).shows("complete 1 Unavailable TIMEOUT");
    }

    @Test
    void readRefusedForGoodIsRefused() {
        Script.with("a:1")
                .get(1)
                .up(1)
                .whatever()
                .reply(1, 1, refused(Code.COMPACTED))
                .shows("complete 1 Refused COMPACTED");
    }

    @Test
    void callThatTheServerCannotServeInTimeEndsAtOnce() {
        for (Code code : List.of(Code.NO_LEADER, Code.BUSY)) {
            Script.with("a:1")
                    .get(1)
                    .up(1)
                    .whatever()
                    .reply(1, 1, retryable(code).setRetryAfterMs(5_001))
                    .shows("complete 1 Unavailable " + code);
        }
    }

    @Test
    void troubleOfEarlierAttemptsIsTheReasonIfTheLastOneIsNotAnswered() {
        Script script = Script.with("a:1").get(1).up(1).reply(1, 1, retryable(Code.NO_LEADER));
        for (int i = 0; i < 9; i++) {
            script.pass(500).reply(1, 99, read(1));
        }
        script.whatever().pass(500).shows("complete 1 Unavailable NO_LEADER");
    }

    // What is decided without a server.

    @Test
    void requestOverTheFrameLimitIsRefusedWithoutCostingTheConnection() {
        ByteString command = ByteString.copyFrom(new byte[2_000]);
        Script script =
                Script.with("a:1").submit(1, new Write(command, WriteMode.SESSIONLESS, 5_000));
        script.whatever()
                .up(
                        1,
                        HandshakeReply.newBuilder()
                                .setCode(Code.OK)
                                .setVersion(1)
                                .setMaxFrameBytes(1_000))
                .shows("complete 1 Refused TOO_LARGE");
    }

    @Test
    void requestOverTheSecondNodesLimitIsUnknownIfTheFirstMayHaveAppliedIt() {
        HandshakeReply.Builder small =
                HandshakeReply.newBuilder().setCode(Code.OK).setVersion(1).setMaxFrameBytes(100);

        Script.withSession("a:1", "b:1")
                .put(1)
                .lost(1)
                .whatever()
                .up(2, small)
                .shows("complete 1 Unknown");
    }

    @Test
    void lateReplyIsIgnored() {
        Script.withSession("a:1")
                .put(1)
                .reply(1, 3, applied(9))
                .whatever()
                .reply(1, 3, applied(10))
                .reply(9, 3, applied(10))
                .showsNothing();
    }

    @Test
    void mapReachesTheValueAndKeepsTheRest() {
        Outcome.Header header = new Outcome.Header(io.kvd.core.base.Bytes.EMPTY, 1, 2, 3);

        assertThat(new Outcome.Ok<>(1, header).map(n -> n + 1))
                .isEqualTo(new Outcome.Ok<>(2, header));
        for (Outcome<Integer> outcome : List.<Outcome<Integer>>of(
                new Outcome.Refused<>(Code.BUSY, "m", 1, 2),
                new Outcome.Unavailable<>(Outcome.Reason.BUSY, "m"),
                new Outcome.Unknown<>("m"))) {
            assertThat((Object) outcome.map(n -> n + 1)).isEqualTo(outcome);
        }
        assertThat(Outcome.class.getPermittedSubclasses()).hasSize(4);
    }
}
