package io.kvd.core.client;

import static io.kvd.core.client.Script.applied;
import static io.kvd.core.client.Script.maybeCommitted;
import static io.kvd.core.client.Script.refused;
import static io.kvd.core.client.Script.result;
import static io.kvd.core.client.Script.retryable;
import static io.kvd.core.client.Script.sessionOpened;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.protocol.Code;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** How a session is opened, kept, used and lost (SEMANTICS.md §3). */
class SessionLifeTest {

    @Test
    void sessionIsOpenedByTheFirstWriteThatNeedsIt() {
        Script.with("a:1")
                .put(1)
                .put(2)
                .shows("connect c1 a:1")
                .up(1)
                .shows("send c1 r1 open")
                .reply(1, 1, sessionOpened())
                .shows("send c1 r2 put 1 s7/1 from 1", "send c1 r3 put 2 s7/2 from 1");
    }

    @Test
    void sessionlessWritesAndReadsOpenNone() {
        Script.with("a:1")
                .putWithoutSession(1)
                .get(2)
                .up(1)
                .shows("connect c1 a:1", "send c1 r1 put 1", "send c1 r2 get");
    }

    @Test
    void repeatedOpenHasTheSameNonce() {
        Script script = Script.with("a:1").put(1).up(1);
        ByteString first = nonce(script);

        script.whatever().lost(1).pass(50).up(2);

        assertThat(nonce(script)).isEqualTo(first);
        assertThat(first.size()).isEqualTo(16);
    }

    @Test
    void nextSessionHasAnotherNonce() {
        Script script = Script.with("a:1").put(1).up(1);
        ByteString first = nonce(script);
        script.reply(1, 1, sessionOpened()).whatever().reply(1, 2, result(Code.SESSION_EXPIRED));

        assertThat(nonce(script)).isNotEqualTo(first);
    }

    @Test
    void refusedOpenRefusesTheWritesThatWait() {
        Script.with("a:1")
                .put(1)
                .put(2)
                .up(1)
                .whatever()
                .reply(1, 1, refused(Code.TOO_MANY_SESSIONS))
                .shows(
                        "complete 1 Refused TOO_MANY_SESSIONS",
                        "complete 2 Refused TOO_MANY_SESSIONS")
                .put(3)
                .shows("send c1 r2 open");
    }

    @Test
    void writeThatWaitsForASessionEndsAtItsOwnDeadline() {
        Script script = Script.with("a:1").put(1).up(1);
        for (int i = 0; i < 9; i++) {
            script.pass(500).reply(1, 99, applied(1));
        }
        script.whatever().pass(500).shows("complete 1 Unavailable TIMEOUT");
    }

    @Test
    void lowestUnansweredFollowsTheAnswers() {
        Script.withSession("a:1")
                .put(1)
                .put(2)
                .put(3)
                .shows(
                        "send c1 r3 put 1 s7/2 from 2",
                        "send c1 r4 put 2 s7/3 from 2",
                        "send c1 r5 put 3 s7/4 from 2")
                .reply(1, 4, applied(8))
                .put(4)
                .shows("complete 2 Ok at 8", "send c1 r6 put 4 s7/5 from 2")
                .reply(1, 3, applied(7))
                .put(5)
                .shows("complete 1 Ok at 7", "send c1 r7 put 5 s7/6 from 4");
    }

    @Test
    void windowOfUnansweredWritesIsBounded() {
        Script script = Script.withSession("a:1");
        for (int i = 0; i < Session.MAX_IN_FLIGHT; i++) {
            script.put(1_000 + i);
        }
        assertThat(script.outputs()).hasSize(Session.MAX_IN_FLIGHT);

        script.whatever().put(1).put(2).showsNothing();
        script.reply(1, 4, applied(9)).shows("complete 1001 Ok at 9");
        script.reply(1, 3, applied(9))
                .shows(
                        "complete 1000 Ok at 9",
                        "send c1 r1027 put 1 s7/1026 from 4",
                        "send c1 r1028 put 2 s7/1027 from 4");
    }

    @Test
    void bytesOfUnansweredWritesAreBounded() {
        Script script = Script.withSession("a:1");
        int valueBytes = 1 << 20;
        for (int i = 0; i < 300; i++) {
            script.putLarge(1_000 + i, valueBytes);
        }

        int ahead = script.outputs().size();
        assertThat(ahead).isEqualTo((int) (Session.MAX_IN_FLIGHT_BYTES / valueBytes));

        script.whatever().reply(1, 3, applied(9));
        assertThat(script.outputs()).as("the answer, and one write more").hasSize(2);
    }

    @Test
    void idleSessionIsKeptAliveAtAThirdOfItsTtl() {
        Script.withSession("a:1")
                .pass(19_999)
                .showsNothing()
                .pass(2)
                .shows("send c1 r3 keep s7")
                .reply(1, 3, result(Code.OK))
                .pass(19_990)
                .showsNothing()
                .pass(20)
                .shows("send c1 r4 keep s7");
    }

    @Test
    void busySessionNeedsNoKeepAlive() {
        Script script = Script.withSession("a:1");
        for (int i = 0; i < 10; i++) {
            script.pass(10_000).put(i).reply(1, 3 + i, applied(9));
        }
        assertThat(script.outputs()).noneMatch(output -> Script.describe(output).contains("keep"));
    }

    @Test
    void writeThatFindsItsSessionExpiredGoesToANewOne() {
        Script.withSession("a:1")
                .put(1)
                .whatever()
                .reply(1, 3, result(Code.SESSION_EXPIRED))
                .shows("send c1 r4 open")
                .reply(1, 4, sessionOpened(8))
                .shows("send c1 r5 put 1 s8/1 from 1");
    }

    @Test
    void expiryMayBeToldByTheReplyItself() {
        Script.withSession("a:1")
                .put(1)
                .whatever()
                .reply(1, 3, refused(Code.SESSION_EXPIRED))
                .shows("send c1 r4 open");
    }

    @Test
    void writeThatMayHaveBeenAppliedBeforeItsSessionExpiredIsUnknown() {
        Script.withSession("a:1")
                .put(1)
                .reply(1, 3, maybeCommitted())
                .pass(20)
                .whatever()
                .reply(1, 4, result(Code.SESSION_EXPIRED))
                .shows("complete 1 Unknown");
    }

    @Test
    void expiryDecidesForTheOtherWritesToo() {
        Script script = Script.withSession("a:1").put(1).put(2).put(3).put(4).whatever();
        script.reply(1, 3, maybeCommitted());
        script.reply(1, 4, retryable(Code.BUSY).setRetryAfterMs(100)).showsNothing();

        // 1 may have been applied, 2 was not, 3 is told now, 4 is still to be told.
        script.reply(1, 5, result(Code.SESSION_EXPIRED))
                .shows("complete 1 Unknown", "send c1 r7 open");
        script.reply(1, 7, sessionOpened(8)).shows("send c1 r8 put 3 s8/1 from 1");
        script.reply(1, 6, applied(9)).shows("complete 4 Ok at 9");
        script.pass(130).shows("send c1 r9 put 2 s8/2 from 1");
    }

    @Test
    void keepAliveThatFindsTheSessionExpiredLetsTheNextWriteOpenAnother() {
        Script.withSession("a:1")
                .pass(20_001)
                .whatever()
                .reply(1, 3, result(Code.SESSION_EXPIRED))
                .showsNothing()
                .put(1)
                .shows("send c1 r4 open");
    }

    @Test
    void closingEndsTheCallsThenTheSessionThenTheConnections() {
        Script script = Script.withSession("a:1").put(1).get(2).whatever();

        script.close()
                .shows(
                        "complete 1 Unknown",
                        "complete 2 Unavailable CLOSED",
                        "send c1 r5 close s7");
        assertThat(script.core().isClosed()).isFalse();
        script.reply(1, 5, result(Code.OK)).shows("disconnect c1");
        assertThat(script.core().isClosed()).isTrue();
        script.put(3).shows("complete 3 Unavailable CLOSED");
    }

    @Test
    void closingDoesNotWaitLongForTheGoodbye() {
        Script script =
                Script.withSession("a:1").close().whatever().pass(ClientCore.OWN_TIMEOUT_MS);

        assertThat(script.core().isClosed()).isTrue();
    }

    @Test
    void closingWithoutASessionIsImmediate() {
        Script script = Script.with("a:1").get(1).up(1).whatever().close();

        script.shows("complete 1 Unavailable CLOSED", "disconnect c1");
        assertThat(script.core().isClosed()).isTrue();
    }

    private static ByteString nonce(Script script) {
        List<ByteString> nonces = new ArrayList<>();
        for (ClientOutput output : script.outputs()) {
            if (output instanceof ClientOutput.Send send && send.request().hasCommand()) {
                nonces.add(Script.parse(send.request().getCommand())
                        .getOpenSession()
                        .getNonce());
            }
        }
        return nonces.get(nonces.size() - 1);
    }
}
