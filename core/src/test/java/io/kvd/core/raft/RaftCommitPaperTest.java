package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;
import static io.kvd.core.raft.RaftCluster.logOf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What is committed, when, and what a crash may take away (Raft §5.3, §5.4). */
class RaftCommitPaperTest {
    // Raft §5.3: "A log entry is committed once the leader that created the entry has replicated it
    // on a majority of the servers".
    @Test
    void entryIsCommittedOnceAMajorityHasPersistedIt() {
        OneReplica replica = new OneReplica(5);
        replica.lead();

        replica.step(replica.accepted(2, 1));
        assertThat(replica.core().commitIndex()).isZero();
        replica.step(replica.accepted(2, 1));
        assertThat(replica.core().commitIndex()).isZero();
        replica.step(replica.accepted(3, 1));
        assertThat(replica.core().commitIndex()).isEqualTo(1);
    }

    // thesis §10.2.1: "the leader ... must not count itself" before its own disk has the entry. Of
    // one voter that is all there is.
    @Test
    void leaderCountsItselfOnlyAfterItsOwnPersist() {
        OneReplica replica = new OneReplica(1);
        replica.tick(1);
        replica.core().propose(List.of(RaftCluster.command("x")));

        Ready ready = replica.core().ready();
        assertThat(ready.entriesToPersist()).hasSize(1);
        assertThat(ready.committed()).isEmpty();
        assertThat(replica.core().commitIndex()).isEqualTo(1);

        replica.core().advance();
        assertThat(replica.core().commitIndex()).isEqualTo(2);
        assertThat(replica.core().ready().committed()).hasSize(1);
    }

    // A learner's answer comes between the proposal and its persist: still not on any voter's disk.
    @Test
    void answerThatComesBeforeTheLeadersOwnPersistCommitsNothing() {
        OneReplica replica = new OneReplica(
                RaftCluster.OPTIONS, RaftCluster.configuration(1, 1), HardState.INITIAL, List.of());
        replica.tick(1);
        replica.core().propose(List.of(RaftCluster.command("x")));

        replica.core().step(replica.accepted(2, 1));
        assertThat(replica.core().commitIndex()).isEqualTo(1);
        replica.settle();
        assertThat(replica.core().commitIndex()).isEqualTo(2);
    }

    @Test
    void whatTheOnlyVoterCommittedSurvivesItsCrash() {
        RaftCluster cluster = new RaftCluster(1).startAll();
        cluster.tick(1);
        cluster.propose(1, "acknowledged");
        assertThat(cluster.core(1).commitIndex()).isEqualTo(2);
        cluster.core(1).propose(List.of(RaftCluster.command("not yet")));
        cluster.node(1).carryOut(TestNode.CrashPoint.BEFORE_PERSIST);

        cluster.node(1).start(0);
        cluster.tick(1);

        assertThat(payloads(cluster.node(1))).containsExactly("", "acknowledged", "");
    }

    // thesis §10.2.1: a majority of the others suffices, "even before it has been written to the
    // leader's own disk"; then it is committed, and must survive the leader.
    @Test
    void entryThatOnlyTheOthersPersistedIsNotLostWithTheLeader() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.core(1).propose(List.of(RaftCluster.command("sent, not persisted")));
        cluster.node(1).carryOut(TestNode.CrashPoint.BEFORE_PERSIST);
        assertThat(cluster.node(1).persistedLast()).isEqualTo(new EntryId(1, 1));

        cluster.deliverAll();
        cluster.startAll();
        cluster.run(60);

        for (TestNode node : cluster.nodes()) {
            assertThat(payloads(node)).startsWith("", "sent, not persisted");
            assertThat(node.core().appliedIndex())
                    .isEqualTo(node.persistedLast().index());
        }
    }

    // Raft §5.4.2: "Only log entries from the leader's current term are committed by counting
    // replicas; once an entry from the current term has been committed in this way, then all prior
    // entries are committed indirectly".
    @Test
    void entryOfAnEarlierTermIsNotCommittedByCounting() {
        OneReplica replica = new OneReplica(3, new HardState(4, NodeId.NONE), 1, 2, 2);
        replica.lead();

        replica.step(replica.accepted(2, 3));
        replica.step(replica.accepted(3, 3));
        assertThat(replica.core().commitIndex()).isZero();

        replica.step(replica.accepted(2, 4));
        assertThat(replica.core().commitIndex()).isEqualTo(4);
    }

    // Raft Figure 8: S1 has replicated its entry of term 2 to a majority in term 4, and crashes; S5
    // with an entry of term 3 may still be elected and replace it. So it was not committed.
    @Test
    void figure8() {
        // One entry a message, so that term 2's reaches S3 and term 4's does not.
        RaftOptions one = new RaftOptions(10, 3, 10, 1, 9, 9_999, 9_999, 9_999, 9_999, 9);
        RaftCluster cluster = new RaftCluster(one, RaftCluster.configuration(5, 0), 1);
        restore(cluster, 1, 1, 2);
        restore(cluster, 2, 1, 2);
        restore(cluster, 3, 1);
        restore(cluster, 4, 1);
        restore(cluster, 5, 1, 3);
        cluster.startAll();
        cluster.node(5).crash();
        cluster.campaign(1);
        cluster.deliver(m -> m instanceof Message.PreVoteRequest);
        cluster.deliver(m -> m instanceof Message.PreVoteReply);
        cluster.deliver(m -> m instanceof Message.VoteRequest);
        cluster.deliver(m -> m instanceof Message.VoteReply);
        assertThat(cluster.core(1).role()).isEqualTo(RoleName.LEADER);

        // (c): S1 and S3 only; S2 already has the entry.
        cluster.drop(m -> m.to() != 3);
        cluster.deliver(m -> m.to() == 3);
        cluster.deliver(m -> m.to() == 1);
        cluster.deliver(m -> m.to() == 3);
        cluster.deliver(m -> m.to() == 1);
        assertThat(List.of(1L, 2L, 3L))
                .allMatch(id -> cluster.node(id).hasPersisted(new EntryId(2, 2)));
        assertThat(cluster.core(1).commitIndex()).isLessThan(2);

        // (d): S1 crashes, S5 leads with the votes of S3 and S4, and replaces the entry.
        cluster.node(1).crash();
        cluster.dropAll();
        cluster.node(5).start(0);
        cluster.forgetLeader(3);
        cluster.elect(5);
        assertThat(List.of(2L, 3L, 4L))
                .allMatch(id -> cluster.node(id).hasPersisted(new EntryId(3, 2)));
    }

    // Raft Figure 8 (e): once S1's own entry is on a majority, S5 can't be elected any more.
    @Test
    void entryOfAnEarlierTermIsSafeOnceOneOfTheCurrentTermIsCommitted() {
        RaftCluster cluster = new RaftCluster(5);
        restore(cluster, 1, 1, 2);
        restore(cluster, 2, 1, 2);
        restore(cluster, 3, 1);
        restore(cluster, 4, 1);
        restore(cluster, 5, 1, 3);
        cluster.startAll();
        cluster.node(5).crash();
        cluster.elect(1);
        assertThat(cluster.core(1).commitIndex()).isEqualTo(3);
        cluster.node(1).crash();
        cluster.node(5).start(0);

        cluster.run(80);

        assertThat(cluster.core(5).role()).isEqualTo(RoleName.FOLLOWER);
        assertThat(cluster.nodes()).allMatch(node -> node.hasPersisted(new EntryId(2, 2)));
    }

    // thesis §4.2.1: a learner's acknowledgement counts towards nothing.
    @Test
    void learnersDoNotCountTowardsACommit() {
        OneReplica replica = new OneReplica(
                RaftCluster.OPTIONS, RaftCluster.configuration(3, 2), HardState.INITIAL, List.of());
        replica.lead();

        replica.step(replica.accepted(4, 1));
        replica.step(replica.accepted(5, 1));
        assertThat(replica.core().commitIndex()).isZero();
        replica.step(replica.accepted(2, 1));
        assertThat(replica.core().commitIndex()).isEqualTo(1);
    }

    // Raft Figure 2: commitIndex is volatile. What was applied before a restart was committed.
    @Test
    void commitIndexBeginsAtWhatTheStateHasApplied() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.propose(1, "a", "b");
        cluster.run(RaftCluster.OPTIONS.heartbeatTicks());
        cluster.node(2).flush();
        cluster.node(2).crash();
        cluster.node(3).crash();
        cluster.node(2).start(0);
        cluster.node(3).start(0);

        assertThat(cluster.core(2).commitIndex()).isEqualTo(3);
        assertThat(cluster.core(2).appliedIndex()).isEqualTo(3);
        assertThat(cluster.core(3).commitIndex()).isZero();
    }

    // Leases and sessions age by log time, which must not go back over leaders.
    @Test
    void logTimeGoesOnFromTheLargestInTheLogAndNeverBack() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.run(7);
        cluster.propose(1, "a");
        cluster.run(3);
        cluster.core(1).transferLeadership(2);
        cluster.run(3);
        assertThat(cluster.core(2).role()).isEqualTo(RoleName.LEADER);
        cluster.run(4);
        cluster.propose(2, "b");
        cluster.run(3);

        List<Long> times = cluster.node(2).persistedEntries().stream()
                .map(entry -> entry.stamp().logTimeMs())
                .toList();
        assertThat(times).isSorted();
        assertThat(times.get(0)).isZero();
        assertThat(times.get(1)).isEqualTo(10L * (RaftCluster.OPTIONS.heartbeatTicks() + 7));
        assertThat(times.get(3)).isGreaterThanOrEqualTo(times.get(2) + 40);
    }

    @Test
    void proposalsAreTakenAllOrNoneAndOnlyByALeader() {
        OneReplica follower = OneReplica.in(RoleName.FOLLOWER);
        OneReplica candidate = OneReplica.in(RoleName.CANDIDATE);
        OneReplica leader = OneReplica.in(RoleName.LEADER);
        List<Proposal> two = List.of(RaftCluster.command("a"), RaftCluster.command("b"));

        assertThat(follower.core().propose(two)).isEqualTo(new Proposed.NotLeader(2));
        assertThat(candidate.core().propose(two)).isEqualTo(new Proposed.NotLeader(NodeId.NONE));
        assertThat(leader.core().propose(two))
                .isEqualTo(new Proposed.Appended(new EntryId(TERM, 4)));
        assertThat(leader.core().lastId()).isEqualTo(new EntryId(TERM, 5));
    }

    // thesis §10.2.1 with P1: what is sent after the persist is sent after the persist.
    @Test
    void onlyWhatMayLeavesBeforeThePersist() {
        RaftCluster cluster = new RaftCluster(3).startAll();
        cluster.run(60);
        for (TestNode node : cluster.nodes()) {
            node.core().requestRead(new ReadId(node.incarnation(), 1));
            Ready ready = node.core().ready();
            assertThat(only(Message.AppendAccepted.class, ready.messagesNow())).isEmpty();
            assertThat(only(Message.VoteReply.class, ready.messagesNow())).isEmpty();
            assertThat(ready.messagesNow()).isNotEmpty();
            node.core().advance();
        }
    }

    private static void restore(RaftCluster cluster, long id, long... terms) {
        cluster.node(id).restore(new HardState(3, NodeId.NONE), logOf(terms), 0);
    }

    private static List<String> payloads(TestNode node) {
        return node.persistedEntries().stream()
                .map(entry -> entry.payload().toUtf8())
                .toList();
    }
}
