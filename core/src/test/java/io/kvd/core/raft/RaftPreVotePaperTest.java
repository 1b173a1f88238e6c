package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/**
 * Pre-vote, leader stickiness and check-quorum: who may disturb whom (thesis §4.2.3, §6.2, §9.6).
 */
class RaftPreVotePaperTest {
    private static final int ELECTION = RaftCluster.OPTIONS.electionTicks();
    private static final int CROSSING = RaftCluster.OPTIONS.crossingTicks();
    private static final EntryId LAST = new EntryId(2, 2);

    // thesis §9.6: "a candidate only increments its term if it first learns from a majority of the
    // cluster that they would be willing to grant the candidate their votes".
    @Test
    void termIsRaisedOnlyAfterAMajorityWouldVote() {
        OneReplica replica = new OneReplica(5, new HardState(TERM, NodeId.NONE));

        List<Message> sent = replica.campaign();
        assertThat(only(Message.PreVoteRequest.class, sent))
                .hasSize(4)
                .allMatch(request -> request.term() == TERM && request.campaignTerm() == TERM + 1);
        replica.step(replica.preVoteReply(2, Message.Vote.GRANTED));
        replica.step(replica.preVoteReply(2, Message.Vote.GRANTED));
        assertThat(replica.core().term()).isEqualTo(TERM);

        sent = replica.step(replica.preVoteReply(3, Message.Vote.GRANTED));
        assertThat(replica.core().term()).isEqualTo(TERM + 1);
        assertThat(replica.node().hardState()).isEqualTo(new HardState(TERM + 1, OneReplica.ME));
        assertThat(only(Message.VoteRequest.class, sent)).hasSize(4);
    }

    @Test
    void answerToAnotherCampaignIsNotCounted() {
        OneReplica replica = OneReplica.in(RoleName.PRE_CANDIDATE);

        replica.step(
                new Message.PreVoteReply(replica.reply(2, TERM), TERM + 2, Message.Vote.GRANTED));

        assertThat(replica.core().role()).isEqualTo(RoleName.PRE_CANDIDATE);
    }

    // A candidate that was not elected may be the one that is cut off.
    @Test
    void candidateThatIsNotElectedAsksAgainBeforeItRaisesItsTerm() {
        OneReplica replica = OneReplica.in(RoleName.CANDIDATE);

        List<Message> sent = replica.tick(2 * ELECTION);

        assertThat(only(Message.PreVoteRequest.class, sent)).isNotEmpty();
        assertThat(replica.core().role()).isEqualTo(RoleName.PRE_CANDIDATE);
        assertThat(replica.core().term()).isEqualTo(TERM);
    }

    // thesis §9.6: a pre-vote is a question.
    @ParameterizedTest
    @EnumSource(
            value = RoleName.class,
            names = {"FOLLOWER", "PRE_CANDIDATE", "CANDIDATE"})
    void grantingAPreVoteChangesNeitherTermNorVoteNorTimer(RoleName role) {
        OneReplica asked = OneReplica.in(role);
        OneReplica notAsked = OneReplica.in(role);
        asked.tick(ELECTION);
        notAsked.tick(ELECTION);
        Invariants.Moment before = Invariants.momentOf(asked.core());

        Message.PreVoteReply reply = asked.answer(
                Message.PreVoteReply.class, asked.preVoteRequest(3, asked.core().term(), LAST));

        assertThat(reply.vote()).isEqualTo(Message.Vote.GRANTED);
        assertThat(Invariants.momentOf(asked.core())).isEqualTo(before);
        for (int i = 0; i < 4 * ELECTION; i++) {
            asked.tick(1);
            notAsked.tick(1);
            assertThat(asked.core().role()).isEqualTo(notAsked.core().role());
        }
    }

    // thesis §9.6: both may campaign, and neither may be told so by the other. The one that ranks
    // higher, node 3, does not answer; node 1 promises, and waits.
    @Test
    void ofTwoThatAskAtTheSameTimeTheLowerOneMakesWay() {
        OneReplica replica = OneReplica.in(RoleName.PRE_CANDIDATE);

        Message.PreVoteReply promise =
                replica.answer(Message.PreVoteReply.class, replica.preVoteRequest(3, TERM, LAST));
        replica.step(replica.preVoteReply(2, Message.Vote.GRANTED));

        assertThat(promise.vote()).isEqualTo(Message.Vote.GRANTED);
        assertThat(replica.core().role()).isEqualTo(RoleName.PRE_CANDIDATE);
        replica.tick(CROSSING);
        assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);
    }

    // Who asks for ever and can't win must not hold up the others for ever.
    @Test
    void itMakesWayOnceACampaignHoweverOftenItIsAsked() {
        OneReplica replica = OneReplica.in(RoleName.PRE_CANDIDATE);
        for (int i = 0; i < CROSSING; i++) {
            replica.step(replica.preVoteRequest(3, TERM, LAST));
            replica.tick(1);
        }
        replica.step(replica.preVoteRequest(3, TERM, LAST));

        replica.step(replica.preVoteReply(2, Message.Vote.GRANTED));

        assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);
    }

    @Test
    void theHigherOneLeavesTheFirstQuestionOfTheLowerOneUnansweredAndNoOther() {
        RaftCluster cluster = new RaftCluster(3).startAll();
        cluster.campaign(2);
        cluster.campaign(3);
        Message question = cluster.network().stream()
                .filter(message -> message.from() == 2 && message.to() == 3)
                .findFirst()
                .orElseThrow();
        cluster.dropAll();

        cluster.deliver(question);
        assertThat(cluster.network()).isEmpty();
        cluster.deliver(question);

        assertThat(only(Message.PreVoteReply.class, List.copyOf(cluster.network())))
                .hasSize(1);
    }

    // Raft §5.2: "split votes". Both know of it: node 3 will try again at once, node 1 waits.
    @Test
    void afterASplitVoteTheHigherOneAsksAgainShortly() {
        OneReplica lower = OneReplica.in(RoleName.CANDIDATE);
        OneReplica higher = new OneReplica(3, new HardState(TERM - 1, NodeId.NONE), 2, 2);
        higher.stand();

        lower.step(lower.voteRequest(3, TERM, LAST));
        higher.step(higher.voteRequest(3, TERM, new EntryId(2, 1)));
        lower.tick(CROSSING);
        higher.tick(CROSSING);

        assertThat(lower.core().role()).isEqualTo(RoleName.CANDIDATE);
        assertThat(higher.core().role()).isEqualTo(RoleName.PRE_CANDIDATE);
    }

    // thesis §9.6 with Raft §5.4.1.
    @Test
    void preVoteGoesOnlyToAnUpToDateLogAndALaterTerm() {
        OneReplica replica = new OneReplica(3, new HardState(TERM, NodeId.NONE), 1, 2);
        Message.PreVoteRequest shorter = replica.preVoteRequest(2, TERM, new EntryId(2, 1));
        Message.PreVoteRequest sameTerm = new Message.PreVoteRequest(
                replica.request(2, TERM - 1), TERM, LAST, Fitness.Ability.UNKNOWN);

        assertThat(preVote(replica, shorter)).isEqualTo(Message.Vote.REFUSED);
        assertThat(preVote(replica, sameTerm)).isEqualTo(Message.Vote.REFUSED);
        assertThat(preVote(replica, replica.preVoteRequest(2, TERM, LAST)))
                .isEqualTo(Message.Vote.GRANTED);
    }

    // thesis §9.6: "or if it has received heartbeats from a valid leader within the election
    // timeout".
    @Test
    void preVoteIsRefusedWhileALeaderIsHeardAndNoLonger() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        replica.tick(ELECTION - 1);

        assertThat(preVote(replica, replica.preVoteRequest(3, TERM, LAST)))
                .isEqualTo(Message.Vote.REFUSED);
        replica.tick(1);
        assertThat(preVote(replica, replica.preVoteRequest(3, TERM, LAST)))
                .isEqualTo(Message.Vote.GRANTED);
    }

    @Test
    void leaderRefusesPreVotes() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);

        assertThat(preVote(replica, replica.preVoteRequest(3, TERM, new EntryId(TERM, 100))))
                .isEqualTo(Message.Vote.REFUSED);
    }

    // The leader that one follows, asking for a vote, is none any more: refusing it for its own
    // sake would leave the group without a leader.
    @Test
    void preVoteIsNotRefusedToTheLeaderThatIsFollowed() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);

        assertThat(preVote(replica, replica.preVoteRequest(2, TERM, LAST)))
                .isEqualTo(Message.Vote.GRANTED);
    }

    @Test
    void leaderThatSteppedDownIsElectedAgainThoughAFollowerStillNamesIt() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.node(3).crash();
        cluster.cut(2, 1);
        cluster.run(ELECTION);
        assertThat(cluster.core(1).role()).isNotEqualTo(RoleName.LEADER);
        cluster.heal();

        cluster.run(4 * ELECTION);

        assertThat(cluster.core(1).leaderId()).isNotEqualTo(NodeId.NONE);
        assertThat(cluster.core(1).leaderId()).isEqualTo(cluster.core(2).leaderId());
    }

    // thesis §9.6 with Raft §5.1: the refusal's term reaches who lags; else it would ask in a term
    // for which nobody can vote, for ever.
    @Test
    void refusalBringsALaggingNodeToTheNewerTerm() {
        RaftCluster cluster = new RaftCluster(4).startAll().elect(1);
        cluster.node(4).crash();
        for (int i = 0; i < 3; i++) {
            cluster.core(cluster.core(1).leaderId()).transferLeadership(NodeId.NONE);
            cluster.run(3);
        }
        assertThat(cluster.core(1).term()).isGreaterThan(2);
        cluster.node(cluster.core(1).leaderId()).crash();
        cluster.startAll();
        cluster.node(1).crash();
        cluster.node(2).crash();
        cluster.node(1).start(0);

        cluster.run(6 * ELECTION);

        assertThat(cluster.core(4).leaderId()).isNotEqualTo(NodeId.NONE);
        assertThat(cluster.core(4).term()).isEqualTo(cluster.core(3).term());
    }

    @Test
    void nodeThatWasCutOffComesBackWithoutRaisingTheTerm() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.isolate(3);
        cluster.run(10 * ELECTION);
        assertThat(cluster.core(3).role()).isEqualTo(RoleName.PRE_CANDIDATE);
        cluster.heal();

        cluster.run(2 * ELECTION);

        assertThat(cluster.core(1).role()).isEqualTo(RoleName.LEADER);
        assertThat(cluster.core(1).term()).isEqualTo(1);
        assertThat(cluster.core(3).leaderId()).isEqualTo(1);
    }

    // thesis §4.2.3: "if a server receives a RequestVote request within the minimum election
    // timeout of hearing from a current leader, it does not update its term or grant its vote".
    @ParameterizedTest
    @EnumSource(
            value = RoleName.class,
            names = {"FOLLOWER", "LEADER"})
    void realVoteRequestIsIgnoredWhileALeaderIsAlive(RoleName role) {
        OneReplica replica = OneReplica.in(role);
        Invariants.Moment before = Invariants.momentOf(replica.core());

        List<Message> sent = replica.step(replica.voteRequest(3, TERM + 1, new EntryId(TERM, 100)));

        assertThat(sent).isEmpty();
        assertThat(Invariants.momentOf(replica.core())).isEqualTo(before);
    }

    @Test
    void voteIsGrantedOnceTheLeaderHasBeenSilentForTheMinimumTimeout() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        replica.tick(ELECTION);

        Message.VoteReply reply =
                replica.answer(Message.VoteReply.class, replica.voteRequest(3, TERM + 1, LAST));

        assertThat(reply.vote()).isEqualTo(Message.Vote.GRANTED);
    }

    // thesis §4.2.3: "leadership transfer ... could include a special flag".
    @ParameterizedTest
    @EnumSource(
            value = RoleName.class,
            names = {"FOLLOWER", "LEADER"})
    void voteForATransferIsGrantedThoughALeaderIsAlive(RoleName role) {
        OneReplica replica = OneReplica.in(role);
        Message.VoteRequest request = new Message.VoteRequest(
                replica.request(3, TERM + 1),
                new EntryId(TERM, 100),
                Message.CampaignReason.TRANSFER);

        Message.VoteReply reply = replica.answer(Message.VoteReply.class, request);

        assertThat(reply.vote()).isEqualTo(Message.Vote.GRANTED);
        assertThat(replica.core().term()).isEqualTo(TERM + 1);
    }

    // thesis §6.2: "A leader in Raft steps down if an election timeout elapses without a successful
    // round of heartbeats to a majority of its cluster".
    @Test
    void leaderWithoutAMajorityOfAnswersStepsDown() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);

        replica.tick(ELECTION - 1);
        assertThat(replica.core().role()).isEqualTo(RoleName.LEADER);
        replica.tick(1);

        assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
        assertThat(replica.core().leaderId()).isEqualTo(NodeId.NONE);
        assertThat(replica.core().term()).isEqualTo(TERM);
    }

    @Test
    void rejectionsCountAsAnswersToo() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);
        for (int i = 0; i < 3; i++) {
            replica.tick(ELECTION - 1);
            replica.step(replica.rejected(2, 1, EntryId.NONE));
        }

        assertThat(replica.core().role()).isEqualTo(RoleName.LEADER);
    }

    @Test
    void answersOfAMinorityKeepNobodyInOffice() {
        OneReplica replica = new OneReplica(5);
        replica.lead();
        for (int i = 0; i < ELECTION; i++) {
            replica.step(replica.accepted(2, 0));
            replica.tick(1);
        }

        assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
    }

    // A one-way cut: the followers hear the leader, it does not hear them.
    @Test
    void leaderThatIsHeardButHearsNobodyMakesRoom() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.cut(2, 1);
        cluster.cut(3, 1);

        cluster.run(5 * ELECTION);

        assertThat(cluster.core(2).leaderId()).isIn(2L, 3L);
        assertThat(cluster.core(2).leaderId()).isEqualTo(cluster.core(3).leaderId());
    }

    // Two nodes that don't reach each other, both reach the third: a leader must last.
    @Test
    void nodeThatDoesNotReachTheLeaderDoesNotUnseatIt() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.cut(1, 2);
        cluster.cut(2, 1);

        cluster.run(20 * ELECTION);

        assertThat(cluster.core(1).role()).isEqualTo(RoleName.LEADER);
        assertThat(cluster.core(1).term()).isEqualTo(1);
    }

    // A process that was stopped for long finds its ticks gone: it must not act in an office that
    // may have ended (thesis §6.2), whatever else its inbox holds.
    @Test
    void leaderThatWasPausedChecksItsOfficeBeforeAnythingElse() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        for (int i = 0; i < ELECTION; i++) {
            replica.core().tick();
        }
        replica.core().requestRead(new ReadId(1, 1));

        assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
        assertThat(replica.core().propose(List.of(RaftCluster.command("late"))))
                .isEqualTo(new Proposed.NotLeader(NodeId.NONE));
        assertThat(only(Message.AppendEntries.class, replica.settle())).isEmpty();
        assertThat(replica.node().refusedReads).containsExactly(new ReadId(1, 1));
    }

    private static Message.Vote preVote(OneReplica replica, Message.PreVoteRequest request) {
        return replica.answer(Message.PreVoteReply.class, request).vote();
    }
}
