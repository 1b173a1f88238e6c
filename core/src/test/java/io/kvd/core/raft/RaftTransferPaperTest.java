package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Handing the office over (thesis §3.10). */
class RaftTransferPaperTest {
    private static final int ELECTION = RaftCluster.OPTIONS.electionTicks();

    @Test
    void targetLeadsWithinARoundTripAndNothingIsLost() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.propose(1, "x");
        cluster.core(1).transferLeadership(3);

        cluster.run(1);

        assertThat(cluster.core(3).role()).isEqualTo(RoleName.LEADER);
        assertThat(cluster.core(3).term()).isEqualTo(2);
        assertThat(cluster.core(1).leaderId()).isEqualTo(3);
        cluster.run(4);
        assertThat(cluster.nodes()).allMatch(node -> node.core().commitIndex() == 3);
    }

    // thesis §3.10 step 1: "The prior leader stops accepting new client requests."
    @Test
    void leaderThatHandsOverTakesNoProposals() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();

        replica.core().transferLeadership(2);

        assertThat(replica.core().isTransferring()).isTrue();
        assertThat(replica.core().propose(List.of(RaftCluster.command("x"))))
                .isEqualTo(new Proposed.Busy());
    }

    // Steps 2 and 3: bring the target up to date, then TimeoutNow; once, since a second one would
    // unseat the target's successor.
    @Test
    void targetIsToldOnceAndOnlyWhenItHasTheWholeLog() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        replica.propose("x");
        replica.core().transferLeadership(2);
        assertThat(only(Message.TimeoutNow.class, replica.settle())).isEmpty();

        List<Message> sent = replica.step(replica.accepted(2, 4));
        assertThat(only(Message.TimeoutNow.class, sent))
                .extracting(Message::to)
                .containsExactly(2L);
        sent = replica.step(replica.accepted(2, 4));
        assertThat(only(Message.TimeoutNow.class, sent)).isEmpty();
    }

    // thesis §3.10: "If leadership transfer does not complete after about an election timeout, the
    // prior leader aborts the transfer and resumes accepting client requests."
    @Test
    void deadTargetIsGivenUpAfterAnElectionTimeout() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.node(3).crash();
        cluster.core(1).transferLeadership(3);

        cluster.run(ELECTION - 1);
        assertThat(cluster.propose(1, "x")).isEqualTo(new Proposed.Busy());
        cluster.run(1);

        assertThat(cluster.core(1).role()).isEqualTo(RoleName.LEADER);
        assertThat(cluster.core(1).isTransferring()).isFalse();
        assertThat(cluster.propose(1, "x")).isInstanceOf(Proposed.Appended.class);
    }

    // thesis §3.10 with §9.6: the target asks for real votes at once, and says why.
    @Test
    void targetCampaignsAtOnceWithoutAPreVote() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);

        List<Message> sent = replica.step(replica.any(Message.TimeoutNow.class, 2, TERM));

        assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);
        assertThat(only(Message.VoteRequest.class, sent))
                .hasSize(2)
                .allMatch(request -> request.reason() == Message.CampaignReason.TRANSFER);
        assertThat(only(Message.PreVoteRequest.class, sent)).isEmpty();
    }

    @Test
    void withoutATargetTheMostCaughtUpActiveVoterIsChosen() {
        OneReplica replica = new OneReplica(
                RaftCluster.OPTIONS, RaftCluster.configuration(4, 1), HardState.INITIAL, List.of());
        replica.lead();
        replica.propose("x");
        replica.step(replica.accepted(2, 2));
        replica.tick(ELECTION - 1);
        replica.step(replica.accepted(3, 1));
        replica.step(replica.accepted(4, 1));
        replica.step(replica.accepted(5, 2));
        replica.tick(1); // Node 2 has most, but has been silent for too long; node 5 is a learner.

        replica.core().transferLeadership(NodeId.NONE);

        assertThat(replica.core().isTransferring()).isTrue();
        List<Message> sent = replica.step(replica.accepted(3, 2));
        assertThat(only(Message.TimeoutNow.class, sent))
                .extracting(Message::to)
                .containsExactly(3L);
    }

    @Test
    void transferToItselfToALearnerOrToAStrangerDoesNothing() {
        OneReplica replica = new OneReplica(
                RaftCluster.OPTIONS, RaftCluster.configuration(3, 1), HardState.INITIAL, List.of());
        replica.lead();
        for (long target : List.of(OneReplica.ME, 4L, 77L)) {
            replica.core().transferLeadership(target);
            assertThat(replica.core().isTransferring()).isFalse();
        }

        OneReplica follower = OneReplica.in(RoleName.FOLLOWER);
        follower.core().transferLeadership(3);
        assertThat(follower.settle()).isEmpty();
    }

    @Test
    void learnerThatIsToldToCampaignDoesNot() {
        RaftCluster cluster =
                new RaftCluster(RaftCluster.OPTIONS, RaftCluster.configuration(2, 1), 1);
        cluster.startAll().elect(1);
        Message.Header header = new Message.Header(TestNode.GROUP, 1, 3, 1, 1);

        cluster.deliver(new Message.TimeoutNow(header));

        assertThat(cluster.core(3).role()).isEqualTo(RoleName.FOLLOWER);
    }
}
