package io.kvd.core.client;

import static io.kvd.core.client.Script.applied;
import static io.kvd.core.client.Script.notLeader;
import static io.kvd.core.client.Script.read;
import static io.kvd.core.client.Script.refused;
import static io.kvd.core.client.Script.retryable;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.Reply;
import io.kvd.protocol.StatusResult;

import org.junit.jupiter.api.Test;

class LeaderFollowingTest {

    @Test
    void hintIsFollowedAtOnceAndKeptForLaterCalls() {
        Script.with("a:1", "b:1", "c:1")
                .putWithoutSession(1)
                .up(1)
                .whatever()
                .reply(1, 1, notLeader("c:1"))
                .shows("connect c2 c:1")
                .up(2)
                .shows("send c2 r1 put 1")
                .reply(2, 1, applied(2))
                .shows("complete 1 Ok at 2")
                .putWithoutSession(2)
                .shows("send c2 r2 put 2");
    }

    @Test
    void hintMayNameAnAddressThatIsNew() {
        Script.with("a:1")
                .get(1)
                .up(1)
                .whatever()
                .reply(1, 1, notLeader("z:1"))
                .shows("connect c2 z:1");
    }

    @Test
    void withoutAHintTheOthersAreTried() {
        Script.with("a:1", "b:1", "c:1")
                .get(1)
                .up(1)
                .whatever()
                .reply(1, 1, notLeader(""))
                .shows("connect c2 b:1")
                .up(2)
                .whatever()
                .reply(2, 1, notLeader(""))
                .shows("connect c3 c:1");
    }

    @Test
    void redirectsThatGoInCirclesAreSlowedDown() {
        Script script = Script.with("a:1", "b:1").get(1).up(1);
        script.reply(1, 1, notLeader("b:1")).up(2).whatever();

        script.reply(2, 1, notLeader("a:1")).shows("send c1 r2 get");
        script.reply(1, 2, notLeader("b:1")).shows("send c2 r2 get");
        script.reply(2, 2, notLeader("a:1")).showsNothing();
        script.pass(20).shows("send c1 r3 get");
    }

    @Test
    void hintOfADeadLeaderDoesNotHoldTheCallUp() {
        Script script = Script.with("a:1", "b:1", "c:1").get(1).up(1).reply(1, 1, notLeader("b:1"));
        script.whatever().lost(2).shows("connect c3 c:1").up(3).shows("send c3 r1 get");
    }

    @Test
    void noLeaderIsAskedAgainAfterTheTimeItNames() {
        Script.with("a:1")
                .get(1)
                .up(1)
                .whatever()
                .reply(1, 1, retryable(Code.NO_LEADER).setRetryAfterMs(200))
                .pass(199)
                .showsNothing()
                .pass(60)
                .shows("send c1 r2 get");
    }

    @Test
    void noLeaderMayBeTheViewOfOneNode() {
        Script.with("a:1", "b:1")
                .get(1)
                .up(1)
                .whatever()
                .reply(1, 1, retryable(Code.NO_LEADER).setRetryAfterMs(200))
                .shows("connect c2 b:1");
    }

    @Test
    void backOffGrowsAndStaysBounded() {
        Script script = Script.with("a:1").get(1).up(1).whatever();
        int attempts = 0;
        for (int ms = 0; ms < 4_900; ms++) {
            for (ClientOutput output : script.outputs()) {
                if (output instanceof ClientOutput.Send send) {
                    attempts++;
                    script.reply(1, send.request().getRequestId(), retryable(Code.NO_LEADER));
                    break;
                }
            }
            script.whatever().pass(1);
            if (attempts == 0) {
                script.reply(1, 1, retryable(Code.NO_LEADER));
                attempts++;
            }
        }
        // 10, 20, 40, … 500, 500: each drawn from its upper half.
        assertThat(attempts).isBetween(12, 28);
    }

    @Test
    void lostLeaderIsReplacedByAnotherNode() {
        Script script = Script.withSession("a:1", "b:1", "c:1").put(1).put(2).whatever();

        script.lost(1).shows("connect c2 b:1").up(2);

        script.shows("send c2 r1 put 1 s7/2 from 2", "send c2 r2 put 2 s7/3 from 2");
    }

    @Test
    void staleReadsStayWithTheFirstNodeThatIsUp() {
        Script.with("a:1", "b:1")
                .get(1)
                .up(1)
                .reply(1, 1, notLeader("b:1"))
                .up(2)
                .reply(2, 1, read(5))
                .whatever()
                .get(2, Consistency.STALE)
                .shows("send c1 r2 get")
                .get(3)
                .shows("send c2 r2 get");
    }

    @Test
    void replicaThatIsTooFarBehindSendsTheReadToAnother() {
        Script.with("a:1", "b:1")
                .get(1, Consistency.AT_LEAST)
                .up(1)
                .whatever()
                .reply(1, 1, retryable(Code.TIMEOUT))
                .pass(20)
                .shows("connect c2 b:1");
    }

    @Test
    void membersAreLearnedFromTheFirstNode() {
        Script script = Script.learning("a:1")
                .get(1)
                .up(1, hello(1))
                .shows("connect c1 a:1", "send c1 r1 get", "send c1 r2 status");
        script.reply(1, 2, status(2)).reply(1, 1, read(5)).whatever();

        script.get(2).shows("connect c2 b:1").lost(2).shows("connect c3 c:1");
    }

    @Test
    void memberListDoesNotOverruleAHint() {
        Script script = Script.learning("a:1").get(1).up(1, hello(1));
        script.reply(1, 1, notLeader("c:1")).reply(1, 2, status(2)).up(2).whatever();

        script.get(2).shows("send c2 r2 get");
    }

    @Test
    void memberKnownUnderAnotherAddressIsNotDialledTwice() {
        Script script = Script.learning("localhost:1").get(1).up(1, hello(1));
        script.reply(1, 2, status(1)).reply(1, 1, read(5)).whatever();

        script.get(2).shows("send c1 r3 get");
    }

    @Test
    void nodeThatTurnsOutToBeKnownLosesItsSecondConnection() {
        Script.with("localhost:1", "a:1")
                .get(1)
                .up(1, hello(1))
                .reply(1, 1, notLeader("a:1"))
                .whatever()
                .up(2, hello(1))
                .shows("disconnect c2", "send c1 r2 get");
    }

    @Test
    void nodeOfAnotherClusterIsNotTalkedTo() {
        Script.with("a:1", "b:1")
                .get(1)
                .up(1, hello(1).setClusterId(com.google.protobuf.ByteString.copyFromUtf8("one")))
                .reply(1, 1, notLeader("b:1"))
                .whatever()
                .up(2, hello(2).setClusterId(com.google.protobuf.ByteString.copyFromUtf8("two")))
                .shows("disconnect c2", "send c1 r2 get");
    }

    @Test
    void listenerThatSaysNoIsNotTalkedTo() {
        Script.givingUp("a:1")
                .get(1)
                .whatever()
                .up(
                        1,
                        HandshakeReply.newBuilder()
                                .setCode(Code.UNSUPPORTED_VERSION)
                                .setMessage("too old"))
                .shows("disconnect c1", "complete 1 Unavailable CANNOT_CONNECT");
    }

    // Addresses that mean something to members only, or were right once.

    @Test
    void leaderAmongTheEndpointsIsFoundThoughItsHintLeadsNowhere() {
        // The hint's name can't be looked up, as in a network of containers.
        Script.with("a:1", "b:1", "c:1")
                .putWithoutSession(1)
                .up(1, hello(1))
                .whatever()
                .reply(1, 1, notLeader(3, "inside:1"))
                .shows("connect c2 b:1", "connect c3 c:1", "connect c4 inside:1")
                .lost(4)
                .showsNothing()
                .up(3, hello(3))
                .shows("send c3 r1 put 1");
    }

    @Test
    void hintThatDoesNotAnswerIsNotWaitedForWhenTheLeaderIsFoundElsewhere() {
        Script.with("a:1", "b:1")
                .putWithoutSession(1)
                .up(1, hello(1))
                .whatever()
                .reply(1, 1, notLeader(2, "inside:1"))
                .shows("connect c2 b:1", "connect c3 inside:1")
                .up(2, hello(2))
                .shows("send c2 r1 put 1");
    }

    @Test
    void leaderThatWeAreConnectedWithIsAskedWhateverAddressIsHinted() {
        Script script = Script.with("a:1", "b:1").get(1).up(1, hello(1)).reply(1, 1, notLeader(""));
        script.up(2, hello(2)).reply(2, 1, read(5)).whatever();

        script.get(2).shows("send c2 r2 get");
        script.reply(2, 2, notLeader(1, "inside:1")).shows("send c1 r2 get");
    }

    @Test
    void addressThatLeadsToAnotherNodeThanTheHintedOneIsNotAskedAgain() {
        // Addresses were swapped: where the leader was, there is a follower now.
        Script script = Script.with("a:1", "b:1", "c:1").get(1).up(1, hello(1)).whatever();

        script.reply(1, 1, notLeader(3, "b:1")).shows("connect c2 b:1");
        script.up(2, hello(2)).shows("send c2 r1 get");
        script.reply(2, 1, notLeader(3, "b:1")).shows("connect c3 c:1");
        script.up(3, hello(3)).shows("send c3 r1 get");
    }

    @Test
    void hintsThatAreStaleTwiceInARowDoNotKeepTheCallFromTheLeader() {
        Script script = Script.with("a:1", "b:1", "c:1").get(1).up(1, hello(1)).whatever();

        script.reply(1, 1, notLeader(3, "old:1")).whatever();
        // c2 is b:1, c3 is c:1, c4 is old:1.
        script.lost(4).up(2, hello(2)).shows("send c2 r1 get");
        script.reply(2, 1, notLeader(3, "older:1")).shows("connect c5 older:1");
        script.lost(5).whatever().up(3, hello(3)).shows("send c3 r1 get");
    }

    @Test
    void membersThatCameBackUnderEachOthersAddressesAreAllReached() {
        Script script = Script.with("a:1", "b:1", "c:1").get(1).up(1, hello(1)).whatever();
        script.reply(1, 1, notLeader("")).up(2, hello(2)).reply(2, 1, notLeader(""));
        script.up(3, hello(3)).reply(3, 1, read(5)).lost(1).lost(2).lost(3).whatever();

        // Now a:1 is node 2, b:1 node 3 and c:1 node 1.
        script.get(2).pass(20).shows("connect c4 b:1").up(4, hello(3)).whatever();
        script.reply(4, 2, notLeader(1, "x:1"))
                .shows("connect c5 a:1", "connect c6 c:1", "connect c7 x:1");
        script.up(5, hello(2)).up(6, hello(1)).shows("send c6 r2 get");
    }

    @Test
    void addressOfAMemberThatMovedIsNotTakenForItsOldOne() {
        Script script = Script.learning("a:1", "b:1").get(1).up(1, hello(1));
        script.reply(1, 2, status(1)).reply(1, 1, notLeader(2, "b:1")).up(2, hello(2));
        script.reply(2, 1, read(5)).lost(2).whatever();

        // Node 2 came back at z:1, and a:1 says so.
        script.get(2).lost(3).shows("connect c3 c:1", "send c1 r3 get");
        script.reply(1, 3, notLeader(2, "z:1"));
        assertThat(script.connectedTo("z:1")).isTrue();
    }

    @Test
    void askGoesToItsNodeAndNoOther() {
        Script.with("a:1", "b:1")
                .get(1)
                .up(1)
                .whatever()
                .ping(2, "b:1")
                .shows("connect c2 b:1")
                .lost(2)
                .shows("complete 2 Unavailable CANNOT_CONNECT")
                .ping(3, "b:1")
                .shows("connect c3 b:1")
                .up(3)
                .shows("send c3 r1 ping")
                .reply(3, 1, refused(Code.BUSY).setRetryable(true))
                .shows("complete 3 Unavailable BUSY");
    }

    private static HandshakeReply.Builder hello(long nodeId) {
        return HandshakeReply.newBuilder().setCode(Code.OK).setVersion(1).setNodeId(nodeId);
    }

    private static Reply.Builder status(long leaderId) {
        StatusResult.Builder status = StatusResult.newBuilder().setNodeId(1).setLeaderId(leaderId);
        for (int i = 1; i <= 3; i++) {
            status.addMembers(MemberStatus.newBuilder()
                    .setNodeId(i)
                    .setClientAddress((char) ('a' + i - 1) + ":1"));
        }
        return Reply.newBuilder().setCode(Code.OK).setStatus(status);
    }
}
