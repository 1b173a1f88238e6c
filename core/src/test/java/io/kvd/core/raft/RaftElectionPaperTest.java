package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.TreeSet;

/**
 * Votes, candidates and their timers (Raft §5.2, §5.4.1). Pre-votes: {@link RaftPreVotePaperTest}.
 */
class RaftElectionPaperTest {
    private static final int ELECTION = RaftCluster.OPTIONS.electionTicks();
    private static final EntryId LAST = new EntryId(2, 2);

    // Raft Figure 2: "Updated on stable storage before responding to RPCs."
    @Test
    void voteIsPersistedBeforeItIsAnswered() {
        OneReplica replica = OneReplica.in(RoleName.PRE_CANDIDATE);
        replica.core().step(replica.voteRequest(2, TERM, LAST));

        Ready ready = replica.core().ready();

        assertThat(ready.hardState()).isEqualTo(new HardState(TERM, 2));
        assertThat(ready.mustPersist()).isTrue();
        assertThat(only(Message.VoteReply.class, ready.messagesNow())).isEmpty();
        assertThat(only(Message.VoteReply.class, ready.messagesAfterPersist())).hasSize(1);
    }

    // Raft §5.2: "Each server will vote for at most one candidate in a given term."
    @Test
    void replicaThatCrashedAfterItsVoteVotesForNobodyElseInThatTerm() {
        OneReplica replica = new OneReplica(3);
        assertThat(vote(replica, replica.voteRequest(2, TERM, LAST)))
                .isEqualTo(Message.Vote.GRANTED);
        replica.restart();

        assertThat(vote(replica, replica.voteRequest(3, TERM, LAST)))
                .isEqualTo(Message.Vote.REFUSED);
        assertThat(vote(replica, replica.voteRequest(2, TERM, LAST)))
                .isEqualTo(Message.Vote.GRANTED);
    }

    // Raft §5.1: servers retry; a lost reply must not cost the vote.
    @Test
    void sameCandidateIsGrantedItsVoteAgain() {
        OneReplica replica = new OneReplica(3);

        assertThat(vote(replica, replica.voteRequest(2, TERM, LAST)))
                .isEqualTo(Message.Vote.GRANTED);
        assertThat(vote(replica, replica.voteRequest(2, TERM, LAST)))
                .isEqualTo(Message.Vote.GRANTED);
        assertThat(vote(replica, replica.voteRequest(3, TERM, LAST)))
                .isEqualTo(Message.Vote.REFUSED);
    }

    // Raft §5.4.1: "the log with the later term is more up-to-date. If the logs end with the same
    // term, then whichever log is longer is more up-to-date."
    @Test
    void voteGoesOnlyToALogThatIsAtLeastAsUpToDate() {
        List<EntryId> older =
                List.of(new EntryId(2, 2), new EntryId(2, 99), new EntryId(3, 2), EntryId.NONE);
        List<EntryId> upToDate = List.of(new EntryId(3, 3), new EntryId(3, 4), new EntryId(4, 1));
        for (EntryId last : older) {
            OneReplica replica = new OneReplica(3, HardState.INITIAL, 1, 2, 3);
            assertThat(vote(replica, replica.voteRequest(2, TERM, last)))
                    .as("%s", last)
                    .isEqualTo(Message.Vote.REFUSED);
        }
        for (EntryId last : upToDate) {
            OneReplica replica = new OneReplica(3, HardState.INITIAL, 1, 2, 3);
            assertThat(vote(replica, replica.voteRequest(2, TERM, last)))
                    .as("%s", last)
                    .isEqualTo(Message.Vote.GRANTED);
        }
    }

    // Raft §5.4.1 compares logs as they are, so after a truncation the shorter one.
    @Test
    void upToDateIsMeasuredOnTheLogAfterItsTruncation() {
        OneReplica replica = new OneReplica(3, new HardState(3, NodeId.NONE), 1, 3, 3, 3);
        List<Run> conflicting = List.of(Run.encode(1, List.of(RaftCluster.entry(4, 2, "other"))));
        replica.step(replica.append(2, 4, new EntryId(1, 1), conflicting, 0));
        assertThat(replica.core().lastId()).isEqualTo(new EntryId(4, 2));
        replica.tick(ELECTION);

        assertThat(vote(replica, replica.voteRequest(3, TERM, new EntryId(3, 4))))
                .isEqualTo(Message.Vote.REFUSED);
        assertThat(vote(replica, replica.voteRequest(3, TERM + 1, new EntryId(4, 2))))
                .isEqualTo(Message.Vote.GRANTED);
    }

    // Raft §5.2: "It then votes for itself", which like any vote must survive a crash to count.
    @Test
    void candidateCountsItsOwnVoteOnlyOnceItIsPersisted() {
        OneReplica replica = new OneReplica(1);
        replica.core().tick();
        assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);

        Ready ready = replica.core().ready();
        assertThat(ready.hardState()).isEqualTo(new HardState(1, OneReplica.ME));
        assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);

        replica.core().advance();
        assertThat(replica.core().role()).isEqualTo(RoleName.LEADER);
    }

    // Of one voter a majority is one: there is nobody to wait for.
    @Test
    void onlyVoterLeadsAfterOneTick() {
        RaftCluster cluster = new RaftCluster(1).startAll();

        cluster.tick(1);

        assertThat(cluster.core(1).role()).isEqualTo(RoleName.LEADER);
        assertThat(cluster.core(1).servesReads()).isTrue();
    }

    @Test
    void ofTwoVotersBothAreNeeded() {
        RaftCluster cluster = new RaftCluster(2).startAll();
        cluster.isolate(1);
        cluster.tick(1, 5 * ELECTION);
        assertThat(cluster.core(1).role()).isEqualTo(RoleName.PRE_CANDIDATE);
        assertThat(cluster.core(1).term()).isEqualTo(0);

        cluster.heal();
        cluster.run(4 * ELECTION);

        assertThat(leaders(cluster)).hasSize(1);
    }

    // Raft §5.2: "wins an election if it receives votes from a majority of the servers."
    @Test
    void candidateLeadsWithAMajorityAndNotBefore() {
        OneReplica replica = new OneReplica(5);
        replica.stand();

        replica.step(replica.voteReply(2, Message.Vote.GRANTED));
        replica.step(replica.voteReply(2, Message.Vote.GRANTED));
        assertThat(replica.core().role()).as("one other vote, twice").isEqualTo(RoleName.CANDIDATE);
        replica.step(replica.voteReply(3, Message.Vote.REFUSED));
        replica.step(replica.voteReply(3, Message.Vote.GRANTED));
        assertThat(replica.core().role()).as("a refusal is final").isEqualTo(RoleName.CANDIDATE);

        replica.step(replica.voteReply(4, Message.Vote.GRANTED));
        assertThat(replica.core().role()).isEqualTo(RoleName.LEADER);
    }

    // Raft §5.2: a candidate wins "if it receives votes from a majority of the servers in the full
    // cluster for the same term".
    @Test
    void voteOfAnEarlierTermCountsForNothing() {
        OneReplica replica = new OneReplica(3);
        replica.stand();
        Message.VoteReply early = replica.voteReply(2, Message.Vote.GRANTED);
        replica.step(replica.any(Message.VoteReply.class, 3, replica.core().term() + 1));
        replica.stand();

        replica.step(early);

        assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);
        replica.step(replica.voteReply(2, Message.Vote.GRANTED));
        assertThat(replica.core().role()).isEqualTo(RoleName.LEADER);
    }

    @Test
    void candidateThatAMajorityRefusedIsAFollowerAgain() {
        OneReplica replica = OneReplica.in(RoleName.CANDIDATE);

        replica.step(replica.voteReply(2, Message.Vote.REFUSED));
        assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);
        replica.step(replica.voteReply(3, Message.Vote.REFUSED));

        assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
        assertThat(replica.core().term()).isEqualTo(TERM);
        assertThat(replica.core().votedFor()).isEqualTo(OneReplica.ME);
    }

    // Raft §5.2: "If the leader's term is at least as large as the candidate's current term, then
    // the candidate recognizes the leader as legitimate and returns to follower state."
    @ParameterizedTest
    @EnumSource(
            value = RoleName.class,
            names = {"PRE_CANDIDATE", "CANDIDATE"})
    void candidateFollowsTheLeaderOfItsOwnTerm(RoleName role) {
        OneReplica replica = OneReplica.in(role);

        replica.step(replica.heartbeat(3, TERM));

        assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
        assertThat(replica.core().leaderId()).isEqualTo(3);
    }

    // Raft §5.2, Election Safety: it can't happen among members that remember, and who claims it is
    // named.
    @Test
    void secondLeaderOfOneTermIsRefusedAndTheFirstOneStays() {
        OneReplica leader = OneReplica.in(RoleName.LEADER);
        OneReplica follower = OneReplica.in(RoleName.FOLLOWER);
        long followed = follower.core().leaderId();

        assertThat(leader.core().step(leader.heartbeat(3, TERM)))
                .hasValueSatisfying(rule -> assertThat(rule).contains("a second leader"));
        assertThat(follower.core().step(follower.heartbeat(3, TERM)))
                .hasValueSatisfying(rule -> assertThat(rule).contains("a second leader"));
        assertThat(leader.core().role()).isEqualTo(RoleName.LEADER);
        assertThat(follower.core().leaderId()).isEqualTo(followed);
    }

    // Raft §5.2: "election timeouts are chosen randomly from a fixed interval", anew each time.
    @Test
    void everyTimeoutIsDrawnAnewFromTheInterval() {
        OneReplica replica = new OneReplica(3);
        TreeSet<Integer> timeouts = new TreeSet<>();
        for (int i = 0; i < 300; i++) {
            replica.step(replica.heartbeat(2, 1));
            timeouts.add(replica.ticksUntilCampaign());
        }

        assertThat(timeouts.first()).isEqualTo(ELECTION);
        assertThat(timeouts.last()).isEqualTo(2 * ELECTION - 1);
        assertThat(timeouts).hasSize(ELECTION);
    }

    // Raft §5.2: "without receiving AppendEntries RPC from current leader or granting vote".
    @Test
    void timerRestartsForTheCurrentLeaderAndForAGrantedVote() {
        OneReplica followsLeader = new OneReplica(3, new HardState(TERM, NodeId.NONE));
        OneReplica grants = new OneReplica(3, new HardState(TERM, NodeId.NONE));
        followsLeader.tick(ELECTION - 1);
        grants.tick(ELECTION - 1);

        followsLeader.step(followsLeader.heartbeat(2, TERM));
        grants.step(grants.voteRequest(2, TERM, LAST));

        assertThat(followsLeader.ticksUntilCampaign()).isBetween(ELECTION, 2 * ELECTION - 1);
        assertThat(grants.ticksUntilCampaign()).isBetween(ELECTION, 2 * ELECTION - 1);
    }

    // Raft §5.2: and nothing else restarts it, or a chatty node could hold up elections for ever.
    @Test
    void nothingElseRestartsTheTimer() {
        OneReplica replica = new OneReplica(3, new HardState(TERM, NodeId.NONE), 1, 2, 3);
        for (long term = TERM; term < TERM + 3L * ELECTION; term++) {
            long higher = term + 1;
            replica.step(replica.heartbeat(2, term - 1));
            replica.step(replica.preVoteRequest(2, term, new EntryId(3, 9)));
            replica.step(replica.voteRequest(2, term, LAST));
            replica.step(replica.any(Message.ReadIndexRefused.class, 2, higher));
            replica.tick(1);
            if (replica.core().role() != RoleName.FOLLOWER) {
                assertThat(term - TERM).isLessThan(2L * ELECTION);
                return;
            }
        }
        throw new AssertionError("never campaigned");
    }

    // A request that the network repeats is granted again, but it is no sign of a living leader.
    @Test
    void repeatedRequestOfTheLeaderItselfDoesNotRestartTheTimer() {
        OneReplica replica = new OneReplica(3);
        Message.VoteRequest request = replica.voteRequest(2, TERM, LAST);
        replica.step(request);
        replica.step(replica.heartbeat(2, TERM));
        int ticks = 0;
        while (replica.core().role() == RoleName.FOLLOWER) {
            assertThat(vote(replica, request)).isEqualTo(Message.Vote.GRANTED);
            replica.tick(1);
            ticks++;
            assertThat(ticks).isLessThan(2 * ELECTION);
        }
    }

    // A majority has voted in this term already; the vote would only mislead who counts it.
    @Test
    void followerVotesForNobodyInATermThatHasItsLeader() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        assertThat(replica.core().votedFor()).isEqualTo(NodeId.NONE);

        assertThat(vote(replica, replica.voteRequest(3, TERM, new EntryId(TERM - 1, 100))))
                .isEqualTo(Message.Vote.REFUSED);
    }

    // The answer waits for the disk; counting the wait would let a slow disk start elections.
    @Test
    void timerStandsStillUntilWhatTheLeaderSentIsPersisted() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        replica.tick(ELECTION - 1);
        replica.core().step(replica.heartbeat(2, TERM));
        for (int i = 0; i < 3 * ELECTION; i++) {
            replica.core().tick();
        }
        assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
        replica.settle();

        assertThat(replica.ticksUntilCampaign()).isBetween(ELECTION, 2 * ELECTION - 1);
    }

    // Raft §5.1: "Servers retry RPCs if they do not receive a response in a timely manner."
    @Test
    void votersThatDoNotAnswerAreAskedAgain() {
        OneReplica replica = new OneReplica(3);
        replica.stand();

        List<Message> sent = replica.tick(RaftCluster.OPTIONS.heartbeatTicks());

        assertThat(only(Message.VoteRequest.class, sent))
                .extracting(Message::to)
                .containsExactly(2L, 3L);
    }

    // Raft §5.2: "randomized election timeouts to ensure that split votes are rare and that they
    // are resolved quickly".
    @Test
    void splitVotesOfSevenWithEqualClocksAreResolved() {
        for (long seed = 1; seed <= 50; seed++) {
            RaftCluster cluster =
                    new RaftCluster(RaftCluster.OPTIONS, RaftCluster.configuration(7, 0), seed);
            cluster.startAll();

            cluster.run(8 * ELECTION);

            assertThat(leaders(cluster)).as("seed %d", seed).hasSize(1);
        }
    }

    // Raft §5: "Raft is available as long as any majority is".
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 7})
    void bareMajorityElects(int voters) {
        RaftCluster cluster = new RaftCluster(voters).startAll();
        cluster.run(3 * ELECTION);
        for (long id = 1; id <= voters - Quorum.majority(voters); id++) {
            cluster.node(leaders(cluster).isEmpty() ? id : leaders(cluster).get(0))
                    .crash();
            cluster.run(6 * ELECTION);
        }

        assertThat(leaders(cluster)).hasSize(1);
        assertThat(cluster.core(leaders(cluster).get(0)).servesReads()).isTrue();
    }

    // Raft §5.4.1: who lacks committed entries can't win, so the others must not wait for it.
    @Test
    void voterThatNeverAnswersHoldsUpNoElection() {
        RaftCluster cluster = new RaftCluster(5).startAll();
        cluster.cut(5, 1);
        cluster.cut(5, 2);
        cluster.cut(5, 3);
        cluster.cut(5, 4);

        cluster.elect(1);

        assertThat(cluster.core(5).leaderId()).isEqualTo(1);
    }

    // thesis §4.2.1: a learner is not counted and starts no election.
    @Test
    void learnerNeitherCampaignsNorCounts() {
        RaftCluster cluster =
                new RaftCluster(RaftCluster.OPTIONS, RaftCluster.configuration(2, 1), 1);
        cluster.startAll();
        cluster.isolate(1);
        cluster.run(6 * ELECTION);
        assertThat(leaders(cluster)).isEmpty();
        assertThat(cluster.core(3).role()).isEqualTo(RoleName.FOLLOWER);

        cluster.heal();
        cluster.run(4 * ELECTION);
        long leader = leaders(cluster).get(0);
        cluster.isolate(3 - leader);
        cluster.propose(leader, "only the learner gets it");
        cluster.run(2);

        assertThat(cluster.node(3).persistedLast())
                .isEqualTo(cluster.core(leader).lastId());
        assertThat(cluster.core(leader).commitIndex())
                .isLessThan(cluster.core(leader).lastId().index());
    }

    // thesis §4.2.1: nor does its vote elect anyone, whatever it answers.
    @Test
    void voteOfALearnerIsNotCounted() {
        OneReplica replica = new OneReplica(
                RaftCluster.OPTIONS, RaftCluster.configuration(3, 2), HardState.INITIAL, List.of());
        replica.campaign();
        replica.step(replica.preVoteReply(4, Message.Vote.GRANTED));
        replica.step(replica.preVoteReply(5, Message.Vote.GRANTED));
        assertThat(replica.core().role()).isEqualTo(RoleName.PRE_CANDIDATE);

        replica.step(replica.preVoteReply(2, Message.Vote.GRANTED));
        replica.step(replica.voteReply(4, Message.Vote.GRANTED));
        replica.step(replica.voteReply(5, Message.Vote.GRANTED));

        assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);
    }

    // A broken connection is a hint, not a proof: it lets ask, and is no vote.
    @Test
    void followerThatLosesItsConnectionToTheLeaderAsksSoon() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        replica.core().peerLost(3);
        assertThat(replica.core().leaderId()).isEqualTo(2);

        replica.core().peerLost(2);

        assertThat(replica.core().leaderId()).isEqualTo(NodeId.NONE);
        assertThat(replica.ticksUntilCampaign())
                .isBetween(0, RaftCluster.OPTIONS.heartbeatTicks() + 1);
        assertThat(replica.core().term()).isEqualTo(TERM);
    }

    // It no longer hears a leader, so it does not stand in another candidate's way (thesis §4.2.3).
    @Test
    void followerThatLosesItsConnectionToTheLeaderVotesForOthers() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        replica.core().peerLost(2);

        Message.PreVoteReply reply =
                replica.answer(Message.PreVoteReply.class, replica.preVoteRequest(3, TERM, LAST));

        assertThat(reply.vote()).isEqualTo(Message.Vote.GRANTED);
    }

    private static Message.Vote vote(OneReplica replica, Message.VoteRequest request) {
        return replica.answer(Message.VoteReply.class, request).vote();
    }

    private static List<Long> leaders(RaftCluster cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.isUp() && node.core().role() == RoleName.LEADER)
                .map(node -> node.id)
                .toList();
    }
}
