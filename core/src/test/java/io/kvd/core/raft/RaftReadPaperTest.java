package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Linearizable reads without the log: ReadIndex (thesis §6.4). */
class RaftReadPaperTest {
    private static final int ELECTION = RaftCluster.OPTIONS.electionTicks();

    // thesis §6.4: "the leader ... must have committed an entry in its current term"; until then
    // its commit index may be behind what earlier leaders acknowledged.
    @Test
    void readOfANewLeaderWaitsForItsFirstCommit() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);
        assertThat(replica.core().servesReads()).isFalse();
        ReadId read = replica.read();
        long round = round(replica.takeSent());

        // A quorum answered its round, but has not persisted its no-op.
        replica.step(replica.accepted(2, 2, round));
        replica.step(replica.accepted(3, 2, round));
        assertThat(replica.node().confirmedReads).isEmpty();
        assertThat(replica.node().refusedReads).isEmpty();

        replica.step(replica.accepted(2, 3, round));
        assertThat(replica.core().servesReads()).isTrue();
        assertThat(replica.node().confirmedReads).containsExactly(new ConfirmedRead(read, 3));
    }

    // thesis §6.4 step 3: "it issues a new round of heartbeats and waits for their acknowledgments
    // from a majority".
    @Test
    void readIsConfirmedByARoundThatBeganAfterItArrived() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        replica.propose("x");
        Message.AppendAccepted earlier = replica.accepted(2, 4, round(replica.propose("y")));
        ReadId read = replica.read();
        List<Message> heartbeats = replica.takeSent();

        replica.step(earlier);
        assertThat(replica.node().confirmedReads).as("its round is older").isEmpty();
        replica.step(replica.accepted(2, 4, round(heartbeats)));

        assertThat(replica.node().confirmedReads).containsExactly(new ConfirmedRead(read, 3));
    }

    // thesis §6.4 step 2: "The leader saves its current commit index ... as readIndex".
    @Test
    void readIndexIsTheCommitIndexWhenTheRoundBegan() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        replica.propose("committed");
        replica.acceptAll();
        ReadId read = replica.read();
        long round = round(replica.takeSent());
        replica.propose("later");

        replica.step(replica.accepted(2, 5, round));

        assertThat(replica.core().commitIndex()).isEqualTo(5);
        assertThat(replica.node().confirmedReads).containsExactly(new ConfirmedRead(read, 4));
    }

    // A rejection shows just as well that the peer knows of no later leader.
    @Test
    void rejectionConfirmsARoundToo() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        ReadId read = replica.read();
        long round = round(replica.takeSent());

        replica.step(new Message.AppendRejected(
                replica.reply(2, TERM), 3, EntryId.NONE, 0, round, Moment.NONE));

        assertThat(replica.node().confirmedReads)
                .extracting(ConfirmedRead::id)
                .containsExactly(read);
    }

    @Test
    void oneAnswerOfFiveConfirmsNothing() {
        OneReplica replica = new OneReplica(5);
        replica.lead();
        replica.acceptAll();
        replica.read();
        long round = round(replica.takeSent());

        replica.step(replica.accepted(2, 1, round));
        replica.step(replica.accepted(2, 1, round));
        assertThat(replica.node().confirmedReads).isEmpty();
        replica.step(replica.accepted(3, 1, round));

        assertThat(replica.node().confirmedReads).hasSize(1);
    }

    // thesis §6.4: "the leader can amortize the cost: ... any number of read-only queries".
    @Test
    void allReadsOfATurnShareOneRoundWhichLeavesAtOnce() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        for (int i = 1; i <= 5; i++) {
            replica.core().requestRead(new ReadId(1, i));
        }

        Ready ready = replica.core().ready();

        assertThat(only(Message.AppendEntries.class, ready.messagesNow())).hasSize(2);
        assertThat(ready.messagesAfterPersist()).isEmpty();
    }

    // A round needs no messages of its own while entries go out.
    @Test
    void roundRidesOnEntries() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        replica.core().propose(List.of(RaftCluster.command("x")));
        replica.core().requestRead(new ReadId(1, 1));

        List<Message> sent = replica.settle();

        assertThat(only(Message.AppendEntries.class, sent))
                .hasSize(2)
                .allMatch(message -> message.entries().size() == 1);
    }

    @Test
    void onlyVoterConfirmsAtOnce() {
        OneReplica replica = new OneReplica(1);
        replica.tick(1);

        ReadId read = replica.read();

        assertThat(replica.node().confirmedReads).containsExactly(new ConfirmedRead(read, 1));
    }

    // A read that was pending when the office was lost must not be answered late.
    @Test
    void pendingReadsAreRefusedWithTheOffice() {
        OneReplica deposed = OneReplica.in(RoleName.LEADER).acceptAll();
        ReadId first = deposed.read();
        long round = round(deposed.takeSent());
        Message.AppendAccepted answer = deposed.accepted(2, 3, round);
        deposed.step(deposed.any(Message.VoteReply.class, 3, TERM + 1));
        assertThat(deposed.node().refusedReads).containsExactly(first);
        deposed.step(answer);
        assertThat(deposed.node().confirmedReads).isEmpty();

        OneReplica lonely = OneReplica.in(RoleName.LEADER).acceptAll();
        ReadId second = lonely.read();
        lonely.tick(ELECTION);
        assertThat(lonely.node().refusedReads).containsExactly(second);
    }

    @Test
    void readIsRefusedWhereNoLeaderIsKnown() {
        for (RoleName role : List.of(RoleName.PRE_CANDIDATE, RoleName.CANDIDATE)) {
            OneReplica replica = OneReplica.in(role);
            ReadId read = replica.read();
            assertThat(replica.node().refusedReads).containsExactly(read);
        }
        OneReplica replica = new OneReplica(3);
        ReadId read = replica.read();
        assertThat(replica.node().refusedReads).containsExactly(read);
    }

    // thesis §6.4: "Followers can ... ask the leader for its current readIndex".
    @Test
    void followerAsksItsLeaderOnceForAllReadsOfATurn() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        ReadId first = new ReadId(1, 1);
        ReadId second = new ReadId(1, 2);
        replica.core().requestRead(first);
        replica.core().requestRead(second);

        List<Message> sent = replica.settle();

        assertThat(sent).hasSize(1);
        Message.ReadIndexRequest request = (Message.ReadIndexRequest) sent.get(0);
        assertThat(request.to()).isEqualTo(2);
        assertThat(request.reads()).containsExactly(first, second);

        replica.step(new Message.ReadIndexReply(replica.reply(2, TERM), request.reads(), 2));
        assertThat(replica.node().confirmedReads)
                .containsExactly(new ConfirmedRead(first, 2), new ConfirmedRead(second, 2));
    }

    // Else the reply would have to wait for the next heartbeat before it could be used.
    @Test
    void confirmedReadIndexTellsTheFollowerWhatIsCommitted() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        assertThat(replica.core().commitIndex()).isZero();
        replica.read();
        Message.ReadIndexRequest request =
                (Message.ReadIndexRequest) replica.takeSent().get(0);

        replica.step(new Message.ReadIndexReply(replica.reply(2, TERM), request.reads(), 9));

        assertThat(replica.core().commitIndex()).as("what is verified of it").isEqualTo(2);
    }

    @Test
    void answerThatComesAgainOrToOtherReadsIsDropped() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        ReadId read = replica.read();
        Message.ReadIndexReply other =
                new Message.ReadIndexReply(replica.reply(2, TERM), List.of(new ReadId(8, 8)), 2);
        Message.ReadIndexReply own =
                new Message.ReadIndexReply(replica.reply(2, TERM), List.of(read), 2);

        replica.step(other);
        assertThat(replica.node().confirmedReads).isEmpty();
        replica.step(own);
        replica.step(own);
        assertThat(replica.node().confirmedReads).hasSize(1);
    }

    @Test
    void askedReadsAreRefusedWhenTheLeaderChangesRefusesOrIsSilent() {
        OneReplica changes = OneReplica.in(RoleName.FOLLOWER);
        OneReplica refuses = OneReplica.in(RoleName.FOLLOWER);
        OneReplica isSilent = OneReplica.in(RoleName.FOLLOWER);
        OneReplica isLost = OneReplica.in(RoleName.FOLLOWER);
        List<OneReplica> all = List.of(changes, refuses, isSilent, isLost);
        List<ReadId> reads = all.stream().map(OneReplica::read).toList();

        changes.step(changes.heartbeat(3, TERM + 1));
        refuses.step(new Message.ReadIndexRefused(refuses.reply(2, TERM), List.of(reads.get(1))));
        for (int i = 0; i < 2; i++) {
            isSilent.tick(ELECTION / 2);
            isSilent.step(isSilent.heartbeat(2, TERM));
        }
        isLost.core().peerLost(2);
        isLost.settle();

        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).node().refusedReads).containsExactly(reads.get(i));
            assertThat(all.get(i).node().confirmedReads).isEmpty();
        }
    }

    // The asker's incarnation comes back, so that its next life does not take the answer for its
    // own.
    @Test
    void leaderAnswersAFollowersReadsAfterARoundAndEchoesItsIncarnation() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        List<ReadId> reads = List.of(new ReadId(77, 1), new ReadId(77, 2));
        Message.Header header = new Message.Header(TestNode.GROUP, 3, OneReplica.ME, TERM, 77);

        List<Message> sent = replica.step(new Message.ReadIndexRequest(header, reads));
        assertThat(only(Message.ReadIndexReply.class, sent)).isEmpty();
        sent = replica.step(replica.accepted(2, 3, round(sent)));

        Message.ReadIndexReply reply = only(Message.ReadIndexReply.class, sent).get(0);
        assertThat(reply.reads()).isEqualTo(reads);
        assertThat(reply.readIndex()).isEqualTo(3);
        assertThat(reply.to()).isEqualTo(3);
        assertThat(reply.header().incarnation()).isEqualTo(77);
    }

    @Test
    void replicaThatDoesNotLeadRefusesToConfirm() {
        for (RoleName role :
                List.of(RoleName.FOLLOWER, RoleName.PRE_CANDIDATE, RoleName.CANDIDATE)) {
            OneReplica replica = OneReplica.in(role);
            List<Message> sent = replica.step(replica.any(Message.ReadIndexRequest.class, 3, TERM));
            assertThat(only(Message.ReadIndexRefused.class, sent)).hasSize(1);
        }
    }

    @Test
    void askingFollowersAreRefusedWithTheOffice() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        replica.step(replica.any(Message.ReadIndexRequest.class, 3, TERM));

        List<Message> sent = replica.tick(ELECTION);

        assertThat(only(Message.ReadIndexRefused.class, sent)).hasSize(1);
    }

    @Test
    void readsAreBounded() {
        RaftOptions options = new RaftOptions(10, 3, 10, 99, 99, 99, 99, 99, 99, 4);
        OneReplica leader = OneReplica.in(RoleName.LEADER, options);
        OneReplica follower = OneReplica.in(RoleName.FOLLOWER, options);
        for (OneReplica replica : List.of(leader, follower)) {
            for (int i = 0; i < 6; i++) {
                replica.read();
            }
            assertThat(replica.node().refusedReads).hasSize(2);
        }
        List<Message> sent = leader.step(leader.any(Message.ReadIndexRequest.class, 3, TERM));
        assertThat(only(Message.ReadIndexRefused.class, sent)).hasSize(1);

        leader.acceptAll();
        leader.step(leader.accepted(2, 3, 4));
        assertThat(leader.node().confirmedReads).hasSize(4);
        leader.read();
        assertThat(leader.node().refusedReads).hasSize(2);
    }

    @Test
    void readOnAFollowerSeesWhatWasAcknowledgedBeforeIt() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.propose(1, "acknowledged");
        cluster.deliverAll();
        assertThat(cluster.core(2).commitIndex()).as("not told yet").isEqualTo(1);

        ReadId read = cluster.read(2);
        cluster.deliverAll();

        assertThat(cluster.node(2).confirmedReads).containsExactly(new ConfirmedRead(read, 2));
        assertThat(cluster.core(2).appliedIndex()).as("without a tick").isEqualTo(2);
    }

    // etcd found a stale read after a pause: an old leader wakes up among answers to old rounds.
    @Test
    void deposedLeaderThatWakesUpConfirmsNothing() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.read(1);
        cluster.deliver(m -> m.to() != 1);
        List<Message> held = List.copyOf(cluster.network());
        cluster.isolate(1);
        for (int i = 0; i < 4 * ELECTION; i++) {
            cluster.tick(2);
            cluster.tick(3);
            cluster.deliver(m -> m.to() != 1);
        }
        cluster.propose(cluster.core(2).leaderId(), "newer");
        cluster.deliver(m -> m.to() != 1);
        cluster.deliver(m -> m.to() != 1);

        ReadId read = cluster.read(1);
        held.forEach(cluster::deliver);

        assertThat(cluster.node(1).confirmedReads)
                .extracting(ConfirmedRead::id)
                .doesNotContain(read);
    }

    private static long round(List<Message> sent) {
        List<Message.AppendEntries> appends = only(Message.AppendEntries.class, sent);
        return appends.get(appends.size() - 1).round();
    }
}
