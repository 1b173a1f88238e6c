package io.kvd.core.client;

import static io.kvd.core.client.Script.read;

import io.kvd.protocol.Code;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.PingResult;
import io.kvd.protocol.Reply;

import org.junit.jupiter.api.Test;

/** When connections are dialled, doubted and given up. */
class LinkLifeTest {

    @Test
    void nothingIsDialledBeforeItIsNeeded() {
        Script.with("a:1", "b:1").pass(60_000).showsNothing().get(1).shows("connect c1 a:1");
    }

    @Test
    void callsShareOneConnection() {
        Script.with("a:1")
                .get(1)
                .get(2)
                .up(1)
                .get(3)
                .shows("connect c1 a:1", "send c1 r1 get", "send c1 r2 get", "send c1 r3 get");
    }

    @Test
    void dialThatIsNotAnsweredIsGivenUp() {
        Script.with("a:1", "b:1")
                .get(1)
                .whatever()
                .pass(1_999)
                .showsNothing()
                .pass(1)
                .shows("disconnect c1", "connect c2 b:1");
    }

    @Test
    void deadAddressIsDialledAgainEverMoreRarely() {
        Script script = Script.with("a:1").get(1);
        int dials = 0;
        for (int ms = 0; ms < 4_900; ms++) {
            long connection = 0;
            for (ClientOutput output : script.outputs()) {
                if (output instanceof ClientOutput.Connect connect) {
                    connection = connect.connection();
                }
            }
            script.whatever();
            if (connection > 0) {
                dials++;
                script.lost(connection);
            }
            script.pass(1);
        }
        org.assertj.core.api.Assertions.assertThat(dials).isBetween(8, 18);
    }

    @Test
    void nodeThatOwesAnAnswerAndSaysNothingIsPingedThenGivenUp() {
        Script.with("a:1", "b:1")
                .get(1)
                .up(1)
                .whatever()
                .pass(1_000)
                .shows("send c1 r2 ping")
                .pass(1_000)
                .shows("disconnect c1", "connect c2 b:1");
    }

    @Test
    void nodeThatAnswersThePingMayTakeItsTime() {
        Script script = Script.with("a:1").get(1).up(1).whatever();
        for (int i = 0; i < 4; i++) {
            script.pass(1_000).shows("send c1 r" + (i + 2) + " ping");
            script.reply(
                    1,
                    i + 2,
                    Reply.newBuilder().setCode(Code.OK).setPing(PingResult.getDefaultInstance()));
        }
        script.reply(1, 1, read(5)).shows("complete 1 Ok at 5");
    }

    @Test
    void quietConnectionThatOwesNothingIsLeftAlone() {
        Script.with("a:1")
                .get(1)
                .up(1)
                .reply(1, 1, read(5))
                .whatever()
                .pass(100_000)
                .showsNothing();
    }

    @Test
    void longPauseOfThisProcessIsNotTakenForTheServersSilence() {
        Script script = Script.with("a:1").get(1).up(1).whatever();

        // The driver was stopped for 4 s; it reads what came in before it wakes the machine.
        script.passWithoutWaking(4_000).reply(1, 1, read(5)).pass(1).shows("complete 1 Ok at 5");
    }

    @Test
    void callsGiveUpOnceEveryAddressWasTriedInVain() {
        Script.givingUp("a:1", "b:1")
                .get(1)
                .lost(1)
                .shows("connect c1 a:1", "connect c2 b:1")
                .lost(2)
                .shows("complete 1 Unavailable CANNOT_CONNECT");
    }

    @Test
    void lostConnectionIsDialledAgainBeforeCallsGiveUp() {
        Script.givingUp("a:1")
                .get(1)
                .up(1)
                .whatever()
                .lost(1)
                .showsNothing()
                .pass(20)
                .shows("connect c2 a:1")
                .lost(2)
                .shows("complete 1 Unavailable CANNOT_CONNECT");
    }

    @Test
    void handshakeWithoutAnswerIsAFailedDial() {
        Script.givingUp("a:1")
                .get(1)
                .whatever()
                .up(1, HandshakeReply.newBuilder().setCode(Code.OK).setVersion(9))
                .shows("disconnect c1", "complete 1 Unavailable CANNOT_CONNECT");
    }

    @Test
    void connectionThatWasTakenAndClosedIsDialledAgainBeforeCallsGiveUp() {
        Script script = Script.givingUp("a:1").get(1).accepted(1).lost(1).whatever();

        script.pass(20).shows("connect c2 a:1").accepted(2).lost(2).whatever();
        script.pass(40).shows("connect c3 a:1").up(3).shows("send c3 r1 get");
    }

    @Test
    void listenerThatNeverGetsToTheHandshakeKeepsACallForItsWholeTimeOnly() {
        Script script = Script.givingUp("a:1").get(1);
        int connection = 1;
        while (script.pending(1)) {
            if (script.sent("connect")) {
                script.whatever().accepted(connection).lost(connection++);
            }
            script.pass(1);
        }

        script.says("cannot connect to a:1: reset before the handshake");
        script.shows("complete 1 Unavailable CANNOT_CONNECT");
    }

    @Test
    void listenerThatHasNoRoomNowIsDialledAgainWithinTheCallsTime() {
        HandshakeReply.Builder busy =
                HandshakeReply.newBuilder().setCode(Code.BUSY).setMessage("full");

        Script.givingUp("a:1")
                .putWithoutSession(1)
                .whatever()
                .up(1, busy)
                .shows("disconnect c1")
                .pass(20)
                .shows("connect c2 a:1")
                .up(2)
                .shows("send c2 r1 put 1");
    }
}
