package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;
import static io.kvd.core.raft.RaftCluster.logOf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** AppendEntries at the sender: what a leader sends whom, and what it learns from answers. */
class RaftLeaderPaperTest {
    private static final int HEARTBEAT = RaftCluster.OPTIONS.heartbeatTicks();

    // Raft §8: "each leader commit a blank no-op entry into the log at the start of its term".
    @Test
    void newLeaderSendsAnEntryOfItsTermBehindItsLog() {
        OneReplica replica = new OneReplica(3, new HardState(4, NodeId.NONE), 1, 2);

        List<Message.AppendEntries> sent = only(Message.AppendEntries.class, replica.lead());

        assertThat(sent).extracting(Message::to).containsExactly(2L, 3L);
        for (Message.AppendEntries message : sent) {
            assertThat(message.previous()).isEqualTo(new EntryId(2, 2));
            assertThat(message.entries()).hasSize(1);
            Entry entry = message.entries().get(0).entry(3);
            assertThat(entry.id()).isEqualTo(new EntryId(5, 3));
            assertThat(entry.kind()).isEqualTo(EntryKind.NOOP);
        }
    }

    // thesis §10.2.1: "the leader can write to its disk in parallel with replicating".
    @Test
    void entriesLeaveBeforeTheLeadersOwnPersist() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        replica.core().propose(List.of(RaftCluster.command("x")));

        Ready ready = replica.core().ready();

        assertThat(only(Message.AppendEntries.class, ready.messagesNow())).hasSize(2);
        assertThat(ready.entriesToPersist()).hasSize(1);
        assertThat(ready.messagesAfterPersist()).isEmpty();
    }

    // Proposals of one turn are one run, one message a peer and one record on disk.
    @Test
    void proposalsOfOneTurnLeaveTogether() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        replica.core().propose(List.of(RaftCluster.command("a"), RaftCluster.command("b")));
        replica.core().propose(List.of(RaftCluster.command("c")));

        Ready ready = replica.core().ready();

        assertThat(only(Message.AppendEntries.class, ready.messagesNow())).hasSize(2);
        assertThat(entryCount(
                        only(Message.AppendEntries.class, ready.messagesNow()).get(0)))
                .isEqualTo(3);
        assertThat(ready.entriesToPersist()).extracting(Run::entryCount).containsExactly(2, 1);
    }

    // Raft Figure 2: nextIndex and matchIndex are "reinitialized after election".
    @Test
    void acknowledgementOfAnEarlierTermCountsForNothing() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);
        replica.propose("x");
        long last = replica.core().lastId().index();
        Message.AppendAccepted early = replica.accepted(2, last);
        replica.step(replica.any(Message.VoteReply.class, 3, TERM + 1));
        replica.lead();
        assertThat(replica.core().role()).isEqualTo(RoleName.LEADER);

        replica.step(early);

        assertThat(matchIndex(replica, 2)).isZero();
        assertThat(replica.core().commitIndex()).isZero();
    }

    // An acknowledged entry may have been replaced since; the term in the acknowledgement tells.
    @Test
    void acknowledgementOfAReplacedEntryCountsForNothing() {
        RaftCluster cluster = new RaftCluster(5).startAll().elect(1);
        cluster.propose(1, "replaced");
        cluster.deliver(m -> m instanceof Message.AppendEntries && m.to() == 2);
        List<Message.AppendAccepted> held = cluster.inFlight(Message.AppendAccepted.class);
        assertThat(held).hasSize(1);
        cluster.isolate(1);
        cluster.node(2).crash();
        cluster.run(60);
        long second = cluster.core(3).leaderId();
        assertThat(second).isIn(3L, 4L, 5L);
        cluster.propose(second, "instead");
        cluster.node(2).start(0);
        cluster.heal();
        cluster.run(10);
        cluster.core(second).transferLeadership(1);
        cluster.run(10);
        assertThat(cluster.core(1).role()).isEqualTo(RoleName.LEADER);
        cluster.isolate(2);
        cluster.propose(1, "not at node 2");

        cluster.deliver(held.get(0));

        assertThat(cluster.core(1).peers().get(0).matchIndex())
                .isLessThan(cluster.core(1).lastId().index());
    }

    // Raft §5.3: a rejection lowers nextIndex; repeated and late answers change nothing.
    @Test
    void answersThatComeLateOrAgainDoNotMoveAPeerBack() {
        OneReplica replica = leaderOfLog(1, 1, 1, 4, 4);
        replica.step(replica.rejected(2, 5, new EntryId(1, 3)));
        replica.step(replica.accepted(2, 6));
        assertThat(matchIndex(replica, 2)).isEqualTo(6);

        replica.step(replica.rejected(2, 5, new EntryId(1, 3)));
        replica.step(replica.rejected(2, 3, new EntryId(1, 1)));
        replica.step(replica.accepted(2, 3));

        assertThat(matchIndex(replica, 2)).isEqualTo(6);
        List<Message> sent = replica.propose("next");
        assertThat(to(2, sent).get(0).previous().index()).isEqualTo(6);
    }

    @Test
    void nextIndexNeverFallsIntoWhatIsKnownToMatch() {
        OneReplica replica = leaderOfLog(1, 1, 1, 4, 4);
        replica.step(replica.accepted(2, 3));
        assertThat(matchIndex(replica, 2)).isEqualTo(3);

        List<Message> sent = replica.step(replica.rejected(2, 5, EntryId.NONE));

        assertThat(to(2, sent).get(0).previous().index()).isEqualTo(3);
    }

    // A peer can't have what was never sent; counting it would commit what does not exist, and
    // stopping would let one
    // message end every leader.
    @Test
    void acknowledgementOfWhatWasNeverSentIsRefusedAndTheLeaderStays() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);
        Invariants.Moment before = Invariants.momentOf(replica.core());

        assertThat(replica.core().step(replica.accepted(2, 99))).isPresent();
        assertThat(replica.core().step(replica.rejected(2, 99, EntryId.NONE))).isPresent();

        assertThat(Invariants.momentOf(replica.core())).isEqualTo(before);
    }

    // thesis §6.4: a forged number would confirm the rounds that are yet to begin.
    @Test
    void answerToARoundThatWasNeverAskedIsRefused() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);

        assertThat(replica.core()
                        .step(new Message.AppendAccepted(
                                replica.reply(2, TERM),
                                1,
                                1_000_000,
                                Moment.NONE,
                                Fitness.UNKNOWN)))
                .isPresent();
    }

    // Raft §5.3: "the leader can decrement nextIndex to bypass all of the conflicting entries in
    // that term; one AppendEntries RPC will be required for each term with conflicting entries".
    @Test
    void divergenceWithinOneTermIsResolvedInThreeRoundTrips() {
        assertThat(roundTrips(new long[] {1, 1, 1, 4, 4, 4}, new long[] {1, 1, 1, 2, 2, 2, 2}))
                .isLessThanOrEqualTo(3);
        assertThat(roundTrips(new long[] {1, 1, 1}, new long[] {1, 1, 1, 2, 2, 2, 2}))
                .isLessThanOrEqualTo(3);
        assertThat(roundTrips(new long[] {1, 1, 4, 4, 4}, new long[] {1})).isLessThanOrEqualTo(3);
        assertThat(roundTrips(new long[] {1, 4, 4, 4, 4}, new long[] {1, 2, 2, 2, 2, 2, 2, 2}))
                .isLessThanOrEqualTo(3);
    }

    @Test
    void divergenceOverKTermsIsResolvedInKAndTwoRoundTrips() {
        for (int k = 1; k <= 12; k++) {
            long[] leader = new long[3 * k + 1];
            long[] follower = new long[3 * k + 1];
            leader[0] = 1;
            follower[0] = 1;
            for (int i = 1; i <= 3 * k; i++) {
                // Alternating terms, so that no hint skips two.
                leader[i] = 3 + 2 * ((i - 1L) / 3);
                follower[i] = 2 + 2 * ((i - 1L) / 3);
            }
            assertThat(roundTrips(leader, follower)).as("k = %d", k).isLessThanOrEqualTo(k + 2);
        }
    }

    // Raft Figure 2: "If there exists an N such that ... nextIndex": pipelined, thesis §10.2.1.
    @Test
    void windowBoundsWhatIsSentAhead() {
        RaftOptions narrow =
                new RaftOptions(10, 3, 10, 1 << 20, 3, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 9);
        OneReplica replica = OneReplica.in(RoleName.LEADER, narrow).acceptAll();
        List<Message> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sent.addAll(replica.propose("p" + i));
        }
        assertThat(to(2, sent)).hasSize(3);

        sent = replica.step(replica.accepted(2, lastIndex(to(2, sent).get(0))));

        assertThat(to(2, sent)).hasSize(1);
        assertThat(entryCount(to(2, sent).get(0))).as("all that waited").isEqualTo(7);
    }

    @Test
    void windowIsBoundedInBytesToo() {
        RaftOptions narrow =
                new RaftOptions(10, 3, 10, 1 << 20, 99, 150, 1 << 20, 1 << 20, 1 << 20, 9);
        OneReplica replica = OneReplica.in(RoleName.LEADER, narrow).acceptAll();
        List<Message> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sent.addAll(replica.propose("p" + i));
        }

        assertThat(to(2, sent)).as("69 bytes an entry").hasSize(3);
    }

    // Heartbeats must not wait behind data (Raft §5.6: broadcastTime << electionTimeout).
    @Test
    void fullWindowDoesNotHoldBackHeartbeats() {
        RaftOptions narrow =
                new RaftOptions(10, 3, 10, 1 << 20, 1, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 9);
        OneReplica replica = OneReplica.in(RoleName.LEADER, narrow).acceptAll();
        replica.propose("in flight");
        replica.propose("waits");

        List<Message> sent = replica.tick(narrow.heartbeatTicks());

        assertThat(to(2, sent)).hasSize(1);
        assertThat(to(2, sent).get(0).entries()).isEmpty();
    }

    @Test
    void trafficSuppressesHeartbeats() {
        OneReplica replica = OneReplica.in(RoleName.LEADER).acceptAll();
        int heartbeats = 0;
        for (int i = 0; i < 20; i++) {
            heartbeats += replica.tick(HEARTBEAT - 1).size();
            replica.propose("p" + i);
            replica.acceptAll();
        }

        assertThat(heartbeats).isZero();
        assertThat(replica.tick(HEARTBEAT)).hasSize(2);
    }

    // Eight messages a write with four followers: no commit message of its own.
    @Test
    void writeCostsOneMessageAndOneAnswerAFollower() {
        RaftCluster cluster = new RaftCluster(5).startAll().elect(1);
        int sent = 0;
        cluster.propose(1, "x");
        while (!cluster.network().isEmpty()) {
            sent += cluster.deliver(m -> true);
        }

        assertThat(sent).isEqualTo(8);
        cluster.run(HEARTBEAT);
        assertThat(cluster.nodes()).allMatch(n -> n.core().commitIndex() == 2);
    }

    // Raft §5.3: "if followers crash ..., or if network packets are lost, the leader retries".
    @Test
    void lostEntriesAreNoticedByTheNextHeartbeatAndSentAgain() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        cluster.propose(1, "lost");
        cluster.drop(m -> m.to() == 3);

        cluster.run(HEARTBEAT + 1);

        assertThat(cluster.node(3).persistedLast()).isEqualTo(cluster.core(1).lastId());
    }

    @Test
    void entriesThatArriveInAnyOrderAreAllAcceptedInTheEnd() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        for (int i = 0; i < 8; i++) {
            cluster.propose(1, "p" + i);
        }
        List<Message> reversed = new ArrayList<>(cluster.network());
        java.util.Collections.reverse(reversed);
        reversed.forEach(cluster::deliver);
        cluster.run(2 * HEARTBEAT);

        assertThat(cluster.nodes()).allMatch(n -> n.core().commitIndex() == 9);
    }

    // Probing sends one at a time: a dead node must not be sent the same entries again and again.
    @Test
    void peerThatDoesNotAnswerIsProbedOnceAndThenGetsHeartbeats() {
        OneReplica replica = new OneReplica(3, new HardState(4, NodeId.NONE), 1, 2);
        replica.lead();
        List<Message> sent = new ArrayList<>(replica.propose("a"));
        sent.addAll(replica.propose("b"));
        assertThat(sent).isEmpty();

        sent.addAll(replica.tick(2 * HEARTBEAT));

        assertThat(to(2, sent)).hasSize(2);
        assertThat(to(2, sent))
                .allMatch(m -> m.entries().isEmpty() && m.previous().index() == 2);
    }

    // A limit on messages must not make an entry unsendable.
    @Test
    void entryLargerThanAnyLimitStillGoesAlone() {
        RaftOptions tiny = new RaftOptions(10, 3, 10, 100, 4, 100, 100, 100, 100, 9);
        RaftCluster cluster = new RaftCluster(tiny, RaftCluster.configuration(3, 0), 1)
                .startAll()
                .elect(1);

        Proposed proposed = cluster.propose(1, "x".repeat(500), "y", "z".repeat(300));
        assertThat(proposed).isInstanceOf(Proposed.Appended.class);
        assertThat(only(Message.AppendEntries.class, cluster.network()))
                .allMatch(m -> entryCount(m) == 1);
        cluster.run(3 * HEARTBEAT);

        assertThat(cluster.nodes()).allMatch(n -> n.core().appliedIndex() == 4);
    }

    // P4: the smallest match index over all members, as far as known in this term.
    @Test
    void minMatchIndexIsWhatEveryMemberHas() {
        RaftCluster cluster = new RaftCluster(3).startAll().elect(1);
        assertThat(cluster.core(1).neededFrom().minMatchIndex()).isEqualTo(1);
        cluster.cut(1, 3);
        cluster.propose(1, "not at node 3");
        cluster.run(HEARTBEAT);

        assertThat(cluster.core(1).neededFrom().minMatchIndex()).isEqualTo(1);
        assertThat(cluster.core(2).neededFrom().minMatchIndex()).isEqualTo(1);
        cluster.heal();
        cluster.run(3 * HEARTBEAT);
        assertThat(cluster.core(2).neededFrom().minMatchIndex()).isEqualTo(2);
    }

    // No snapshot is sent yet; a peer that needs one costs a heartbeat, and the status says so.
    @Test
    void peerThatNeedsEntriesThatWereCutIsProbedQuietlyAndReported() {
        OneReplica replica = leaderOfLog(1, 1, 1);
        replica.step(replica.accepted(2, 4));
        replica.core().cutLog(2);
        replica.settle();

        List<Message> sent = replica.step(replica.rejected(3, 3, EntryId.NONE));
        assertThat(to(3, sent)).hasSize(1);
        assertThat(to(3, sent).get(0).previous()).isEqualTo(new EntryId(1, 2));
        for (int i = 0; i < 5; i++) {
            assertThat(replica.step(replica.rejected(3, 2, EntryId.NONE))).isEmpty();
        }

        assertThat(replica.core().peers())
                .extracting(PeerStatus::belowLogStart)
                .containsExactly(false, true);
        assertThat(to(3, replica.tick(HEARTBEAT))).hasSize(1);
    }

    /** A leader in term 5 with these entries and its no-op; its first messages are dropped. */
    private static OneReplica leaderOfLog(long... terms) {
        OneReplica replica = new OneReplica(3, new HardState(4, NodeId.NONE), terms);
        replica.lead();
        return replica;
    }

    /** AppendEntries that a new leader sends a follower until it accepts. */
    private static int roundTrips(long[] leaderTerms, long[] followerTerms) {
        RaftOptions options = RaftCluster.OPTIONS;
        RaftCluster cluster = RaftCluster.scripted(options, RaftCluster.configuration(3, 0));
        cluster.node(1).restore(new HardState(99, NodeId.NONE), logOf(leaderTerms), 0);
        cluster.node(2).restore(new HardState(99, NodeId.NONE), logOf(followerTerms), 0);
        cluster.node(3).restore(new HardState(99, NodeId.NONE), List.of(), 0);
        cluster.startAll();
        cluster.cut(1, 2); // Node 2 may have the better log; node 3 elects.
        cluster.campaign(1);
        cluster.deliverAll();
        assertThat(cluster.core(1).role()).isEqualTo(RoleName.LEADER);
        cluster.heal();
        cluster.node(3).crash();
        cluster.tick(1, options.heartbeatTicks());
        int trips = 0;
        while (!cluster.node(2).persistedLast().equals(cluster.core(1).lastId())) {
            assertThat(cluster.deliver(m -> m.to() == 2)).isEqualTo(1);
            trips++;
            cluster.deliver(m -> m.to() == 1);
        }
        return trips;
    }

    private static List<Message.AppendEntries> to(long nodeId, List<Message> sent) {
        return only(Message.AppendEntries.class, sent).stream()
                .filter(m -> m.to() == nodeId)
                .toList();
    }

    private static int entryCount(Message.AppendEntries message) {
        return message.entries().stream().mapToInt(Run::entryCount).sum();
    }

    private static long lastIndex(Message.AppendEntries message) {
        return message.entries().get(message.entries().size() - 1).lastIndex();
    }

    private static long matchIndex(OneReplica replica, long nodeId) {
        return replica.core().peers().stream()
                .filter(peer -> peer.nodeId() == nodeId)
                .findFirst()
                .orElseThrow()
                .matchIndex();
    }
}
