package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A thrifty leader: what needs a quorum is sent to no more members than make one, as long as they
 * answer in time ("thrifty" operation is known from Paxos). Which messages leave is all that it
 * changes.
 */
class RaftThriftyTest {
    private static final int HEARTBEAT = 6;
    private static final int ELECTION = 10;
    private static final int LATE = 2;
    private static final RaftOptions THRIFTY = RaftOptions.DEFAULT
            .withHeartbeatTicks(HEARTBEAT)
            .withElectionTicks(ELECTION)
            .withLateAnswerTicks(LATE);

    private final RaftCluster cluster = calm(5, 0);

    @Test
    void putCostsTwoAppendsAndTwoAnswersOfFourFollowers() {
        for (int i = 0; i < 20; i++) {
            cluster.propose(1, "p" + i);
            List<Message.AppendEntries> appends = cluster.inFlight(Message.AppendEntries.class);
            assertThat(appends).hasSize(2).noneMatch(append -> append.entries().isEmpty());
            assertThat(cluster.deliver(message -> true)).isEqualTo(2);
            assertThat(cluster.inFlight(Message.AppendAccepted.class)).hasSize(2);
            assertThat(cluster.deliver(message -> true)).isEqualTo(2);
            assertThat(cluster.network())
                    .as("no message of its own for the commit")
                    .isEmpty();
            assertThat(cluster.core(1).commitIndex()).isEqualTo(lastIndex(1));
        }
    }

    // thesis §6.4: acknowledgments "from a majority of the cluster" are all that a round needs.
    @Test
    void readCostsARoundToABareQuorum() {
        for (int i = 0; i < 20; i++) {
            ReadId read = cluster.read(1);
            assertThat(recipients()).hasSize(2);
            cluster.deliverAll();
            assertThat(cluster.node(1).confirmedReads)
                    .extracting(ConfirmedRead::id)
                    .contains(read);
        }
    }

    @Test
    void readRidesOnTheEntriesOfItsTurn() {
        cluster.core(1).propose(List.of(RaftCluster.command("x")));
        cluster.read(1);

        assertThat(cluster.inFlight(Message.AppendEntries.class))
                .hasSize(2)
                .noneMatch(append -> append.entries().isEmpty());
    }

    // Raft §5.3: committed "once the leader ... has replicated it on a majority of the servers".
    @Test
    void nothingIsCommittedOrConfirmedByFewerThanAQuorum() {
        ReadId read = cluster.read(1);
        cluster.propose(1, "x");
        List<Long> asked = recipients();
        cluster.deliver(message -> message.to() == asked.get(0));
        cluster.deliver(message -> message.to() == 1);

        assertThat(cluster.core(1).commitIndex()).isEqualTo(lastIndex(1) - 1);
        assertThat(cluster.node(1).confirmedReads)
                .extracting(ConfirmedRead::id)
                .doesNotContain(read);
    }

    @Test
    void membersTakeTurns() {
        List<List<Long>> turns = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            cluster.propose(1, "p" + i);
            turns.add(recipients());
            cluster.deliverAll();
        }

        for (int i = 0; i + 1 < turns.size(); i++) {
            TreeSet<Long> two = new TreeSet<>(turns.get(i));
            two.addAll(turns.get(i + 1));
            assertThat(two).as("%s", turns).containsExactly(2L, 3L, 4L, 5L);
        }
    }

    // Rotation shows them the leader, so that nobody needs a heartbeat besides.
    @Test
    void trafficReplacesHeartbeats() {
        int sent = 0;
        for (int i = 0; i < 10 * HEARTBEAT; i++) {
            cluster.propose(1, "p" + i);
            sent += cluster.inFlight(Message.AppendEntries.class).size();
            cluster.run(1);
        }

        assertThat(sent).isEqualTo(10 * HEARTBEAT * 2);
        assertThat(cluster.core(1).term()).isEqualTo(1);
    }

    @Test
    void whoIsNotChosenGetsAllThatItLacksInOneBatch() {
        List<Long> busy = new ArrayList<>();
        List<Long> left = new ArrayList<>(List.of(2L, 3L, 4L, 5L));
        cluster.propose(1, "first");
        busy.addAll(recipients());
        left.removeAll(busy);
        cluster.deliverAll();
        cluster.propose(1, "second");
        assertThat(recipients()).containsExactlyElementsOf(left);

        assertThat(cluster.inFlight(Message.AppendEntries.class))
                .allMatch(append -> entryCount(append) == 2);
    }

    @Test
    void heartbeatOfWhoIsLeftOutCarriesWhatItLacks() {
        cluster.propose(1, "the only one");
        List<Long> chosen = recipients();
        cluster.deliverAll();

        cluster.tick(1, HEARTBEAT);
        List<Message.AppendEntries> heartbeats = cluster.inFlight(Message.AppendEntries.class);

        assertThat(heartbeats)
                .hasSize(4)
                .allSatisfy(heartbeat -> assertThat(entryCount(heartbeat))
                        .isEqualTo(chosen.contains(heartbeat.to()) ? 0 : 1));
    }

    @Test
    void nobodyStarvesWhetherThereIsTrafficOrNot() {
        cluster.propose(1, "x");
        cluster.run(2 * HEARTBEAT);
        for (long id = 2; id <= 5; id++) {
            assertThat(cluster.core(id).commitIndex()).as("idle, %d", id).isEqualTo(lastIndex(1));
        }
        for (int i = 0; i < 5 * HEARTBEAT; i++) {
            cluster.propose(1, "p" + i);
            cluster.run(1);
            assertThat(cluster.core(1).minMatchIndex()).isGreaterThanOrEqualTo(lastIndex(1) - 2);
        }
    }

    // Raft §5.2: followers hear of the leader periodically; thesis §6.2: and it of a quorum.
    @Test
    void officeLastsHoweverLittleOrMuchThereIsToSend() {
        for (int i = 0; i < 20 * ELECTION; i++) {
            if (i % 40 < 20) {
                cluster.propose(1, "p" + i);
            }
            if (i % 7 == 0) {
                cluster.read(1);
            }
            cluster.run(1);
            assertThat(cluster.core(1).role()).isEqualTo(RoleName.LEADER);
            for (TestNode node : cluster.nodes()) {
                assertThat(node.core().term()).isEqualTo(1);
            }
        }
    }

    @Test
    void lateAnswerOfOneChosenSendsToAll() {
        long dead = chosenNext();
        cluster.node(dead).crash();
        cluster.propose(1, "x");
        cluster.deliverAll();
        assertThat(cluster.core(1).commitIndex()).isLessThan(lastIndex(1));

        cluster.tick(1, LATE - 1);
        assertThat(cluster.network()).as("not late yet").isEmpty();
        cluster.tick(1);
        assertThat(cluster.inFlight(Message.AppendEntries.class))
                .filteredOn(append -> !append.entries().isEmpty())
                .extracting(Message.AppendEntries::to)
                .as("those that lack it")
                .hasSize(2)
                .doesNotContain(dead);
        cluster.deliverAll();

        assertThat(cluster.core(1).commitIndex()).isEqualTo(lastIndex(1));
    }

    @Test
    void lateAnswerOfOneChosenSendsTheReadRoundToAll() {
        cluster.node(chosenNext()).crash();
        ReadId read = cluster.read(1);
        cluster.deliverAll();
        assertThat(cluster.node(1).confirmedReads)
                .extracting(ConfirmedRead::id)
                .doesNotContain(read);

        cluster.tick(1, LATE);
        cluster.deliverAll();

        assertThat(cluster.node(1).confirmedReads).extracting(ConfirmedRead::id).contains(read);
    }

    // Else a lost message would cost a heartbeat interval wherever no other member is left to ask.
    @Test
    void whoIsLateIsAskedAgainWhileSomethingWaitsForAQuorum() {
        RaftCluster three = calm(3, 0);
        three.node(3).crash();
        three.propose(1, "x");
        three.run(2 * HEARTBEAT);
        three.propose(1, "lost");
        ReadId read = three.read(1);
        three.dropAll();

        three.tick(1, LATE);
        assertThat(three.inFlight(Message.AppendEntries.class))
                .extracting(Message.AppendEntries::to)
                .contains(2L);
        three.deliverAll();

        assertThat(three.core(1).commitIndex()).isEqualTo(three.core(1).lastId().index());
        assertThat(three.node(1).confirmedReads).extracting(ConfirmedRead::id).contains(read);
    }

    @Test
    void whoIsLateIsNotRemindedWhenNothingWaitsForIt() {
        RaftCluster three = calm(3, 0);
        three.propose(1, "x");
        three.deliver(message -> message.to() != 1);
        three.dropAll();
        three.tick(1, LATE);
        three.deliverAll();
        int reminders = 0;
        for (int i = 0; i < HEARTBEAT - LATE - 1; i++) {
            three.tick(1);
            reminders += three.inFlight(Message.AppendEntries.class).size();
            three.dropAll();
        }

        assertThat(reminders).isZero();
    }

    @Test
    void everythingGoesToAllUntilTheLateOneAnswers() {
        long late = chosenNext();
        cluster.propose(1, "x");
        cluster.deliver(message -> message.to() != late);
        cluster.deliver(message -> message.to() == 1);
        cluster.tick(1, LATE);
        cluster.deliver(message -> message.to() != late);
        cluster.deliver(message -> message.to() == 1);

        cluster.propose(1, "wide");
        assertThat(new TreeSet<>(recipients())).containsExactly(2L, 3L, 4L, 5L);
        cluster.deliverAll();
        cluster.propose(1, "bare again");
        assertThat(recipients()).hasSize(2);
    }

    @Test
    void whoIsSilentForAHeartbeatIsPassedOverUntilItAnswers() {
        long dead = chosenNext();
        cluster.node(dead).crash();
        cluster.propose(1, "x");
        cluster.run(HEARTBEAT + 1);

        for (int i = 0; i < 6; i++) {
            cluster.propose(1, "p" + i);
            assertThat(recipients()).hasSize(2).doesNotContain(dead);
            cluster.deliverAll();
        }
        cluster.node(dead).start(Long.MAX_VALUE);
        cluster.run(2 * HEARTBEAT);
        TreeSet<Long> asked = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            cluster.propose(1, "q" + i);
            asked.addAll(recipients());
            cluster.deliverAll();
        }

        assertThat(asked).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void noTimePassesForAPutWhenOnlyAQuorumIsLeftAndKnownToBe() {
        cluster.node(2).crash();
        cluster.node(3).crash();
        cluster.propose(1, "x");
        cluster.run(2 * HEARTBEAT);

        for (int i = 0; i < 5; i++) {
            cluster.propose(1, "p" + i);
            cluster.deliverAll();
            assertThat(cluster.core(1).commitIndex()).isEqualTo(lastIndex(1));
        }
    }

    @Test
    void leaderWithoutAQuorumGivesUpItsOfficeAllTheSame() {
        cluster.isolate(1);
        cluster.propose(1, "x");

        cluster.tick(1, 2 * ELECTION);

        assertThat(cluster.core(1).role()).isNotEqualTo(RoleName.LEADER);
    }

    @Test
    void learnerIsSentNoHurryAndCountsForNothing() {
        RaftCluster withLearner = calm(3, 1);
        for (int i = 0; i < 4; i++) {
            withLearner.propose(1, "p" + i);
            assertThat(withLearner.inFlight(Message.AppendEntries.class))
                    .hasSize(1)
                    .noneMatch(append -> append.to() == 4);
            withLearner.deliverAll();
            assertThat(withLearner.core(1).commitIndex())
                    .isEqualTo(withLearner.core(1).lastId().index());
        }
        withLearner.run(HEARTBEAT);

        assertThat(withLearner.core(1).minMatchIndex())
                .isEqualTo(withLearner.core(1).lastId().index());
    }

    // thesis §6.4: a follower serves a read once it has applied the read index, so it must get it.
    @Test
    void readOfAFollowerThatWasLeftOutDoesNotWaitForItsHeartbeat() {
        cluster.propose(1, "x");
        List<Long> chosen = recipients();
        cluster.deliverAll();
        long left = List.of(2L, 3L, 4L, 5L).stream()
                .filter(id -> !chosen.contains(id))
                .findFirst()
                .orElseThrow();

        ReadId read = cluster.read(left);
        cluster.deliverAll();

        assertThat(cluster.node(left).confirmedReads)
                .containsExactly(new ConfirmedRead(read, lastIndex(1)));
        assertThat(cluster.core(left).appliedIndex()).isEqualTo(lastIndex(1));
    }

    // thesis §3.10: the prior leader "fully updates the target's log" first.
    @Test
    void handOverDoesNotWaitForTheTargetsHeartbeat() {
        cluster.propose(1, "x");
        List<Long> chosen = recipients();
        cluster.deliverAll();
        long target = chosen.contains(2L) ? 4 : 2;

        cluster.core(1).transferLeadership(target);
        cluster.settle(cluster.node(1));
        cluster.deliverAll();

        assertThat(cluster.core(target).role()).isEqualTo(RoleName.LEADER);
    }

    // Raft §5.2: a leader announces itself to all, so that nobody else stands.
    @Test
    void newLeaderAnnouncesItselfToAll() {
        RaftCluster fresh = new RaftCluster(THRIFTY, RaftCluster.configuration(5, 0), 1);
        fresh.startAll();
        fresh.campaign(1);
        while (fresh.core(1).role() != RoleName.LEADER) {
            fresh.deliver(message -> true);
        }

        assertThat(fresh.inFlight(Message.AppendEntries.class))
                .extracting(Message.AppendEntries::to)
                .containsExactlyInAnyOrder(2L, 3L, 4L, 5L);
    }

    // What lies on disk only must not trickle out at one batch a heartbeat.
    @Test
    void memberFarBehindIsServedAtFullSpeed() {
        RaftOptions small =
                new RaftOptions(10, HEARTBEAT, ELECTION, 100, 4, 1_000, 9_999, 200, 9_999, 9, LATE);
        RaftCluster cluster = calm(small, RaftCluster.configuration(3, 0));
        cluster.node(3).crash();
        for (int i = 0; i < 50; i++) {
            cluster.propose(1, "p" + i);
            cluster.run(1);
        }
        cluster.node(3).start(Long.MAX_VALUE);

        cluster.run(2 * HEARTBEAT);

        assertThat(cluster.core(3).lastId()).isEqualTo(cluster.core(1).lastId());
    }

    private static RaftCluster calm(int voters, int learners) {
        return calm(THRIFTY, RaftCluster.configuration(voters, learners));
    }

    private static RaftCluster calm(RaftOptions options, Configuration configuration) {
        RaftCluster cluster =
                new RaftCluster(options, configuration, 1).startAll().elect(1);
        cluster.run(2 * HEARTBEAT);
        cluster.propose(1, "turn");
        cluster.deliverAll();
        return cluster;
    }

    /** One that the next bare quorum contains. */
    private long chosenNext() {
        cluster.propose(1, "a");
        List<Long> now = recipients();
        cluster.deliverAll();
        return List.of(2L, 3L, 4L, 5L).stream()
                .filter(id -> !now.contains(id))
                .findFirst()
                .orElseThrow();
    }

    /** To whom AppendEntries are on their way, ascending. */
    private List<Long> recipients() {
        return cluster.inFlight(Message.AppendEntries.class).stream()
                .map(Message.AppendEntries::to)
                .sorted()
                .toList();
    }

    private long lastIndex(long id) {
        return cluster.core(id).lastId().index();
    }

    private static int entryCount(Message.AppendEntries append) {
        return append.entries().stream().mapToInt(Run::entryCount).sum();
    }
}
