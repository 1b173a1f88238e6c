package io.kvd.core.raft;

import static io.kvd.core.raft.Thrifty.ELECTION;
import static io.kvd.core.raft.Thrifty.HEARTBEAT;
import static io.kvd.core.raft.Thrifty.LATE;
import static io.kvd.core.raft.Thrifty.calm;
import static io.kvd.core.raft.Thrifty.lastIndex;
import static io.kvd.core.raft.Thrifty.recipients;

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
            assertThat(cluster.core(1).commitIndex()).isEqualTo(lastIndex(cluster));
        }
    }

    // thesis §6.4: acknowledgments "from a majority of the cluster" are all that a round needs.
    @Test
    void readCostsARoundToABareQuorum() {
        for (int i = 0; i < 20; i++) {
            ReadId read = cluster.read(1);
            assertThat(recipients(cluster)).hasSize(2);
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
        List<Long> asked = recipients(cluster);
        cluster.deliver(message -> message.to() == asked.get(0));
        cluster.deliver(message -> message.to() == 1);

        assertThat(cluster.core(1).commitIndex()).isEqualTo(lastIndex(cluster) - 1);
        assertThat(cluster.node(1).confirmedReads)
                .extracting(ConfirmedRead::id)
                .doesNotContain(read);
    }

    @Test
    void membersTakeTurns() {
        List<List<Long>> turns = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            cluster.propose(1, "p" + i);
            turns.add(recipients(cluster));
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
        busy.addAll(recipients(cluster));
        left.removeAll(busy);
        cluster.deliverAll();
        cluster.propose(1, "second");
        assertThat(recipients(cluster)).containsExactlyElementsOf(left);

        assertThat(cluster.inFlight(Message.AppendEntries.class))
                .allMatch(append -> entryCount(append) == 2);
    }

    @Test
    void heartbeatOfWhoIsLeftOutCarriesWhatItLacks() {
        cluster.propose(1, "the only one");
        List<Long> chosen = recipients(cluster);
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
            assertThat(cluster.core(id).commitIndex())
                    .as("idle, %d", id)
                    .isEqualTo(lastIndex(cluster));
        }
        for (int i = 0; i < 5 * HEARTBEAT; i++) {
            cluster.propose(1, "p" + i);
            cluster.run(1);
            assertThat(cluster.core(1).neededFrom().minMatchIndex())
                    .isGreaterThanOrEqualTo(lastIndex(cluster) - 2);
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

        assertThat(withLearner.core(1).neededFrom().minMatchIndex())
                .isEqualTo(withLearner.core(1).lastId().index());
    }

    // It is never chosen.
    @Test
    void readOfALearnerDoesNotWaitForItsHeartbeat() {
        RaftCluster withLearner = calm(3, 1);
        withLearner.propose(1, "x");
        withLearner.deliverAll();

        withLearner.read(4);
        withLearner.deliverAll();

        assertThat(withLearner.core(4).appliedIndex())
                .isEqualTo(withLearner.core(1).lastId().index());
    }

    // thesis §6.4: a follower serves a read once it has applied the read index, so it must get it.
    @Test
    void readOfAFollowerThatWasLeftOutDoesNotWaitForItsHeartbeat() {
        cluster.propose(1, "x");
        List<Long> chosen = recipients(cluster);
        cluster.deliverAll();
        long left = List.of(2L, 3L, 4L, 5L).stream()
                .filter(id -> !chosen.contains(id))
                .findFirst()
                .orElseThrow();

        ReadId read = cluster.read(left);
        cluster.deliverAll();

        assertThat(cluster.node(left).confirmedReads)
                .containsExactly(new ConfirmedRead(read, lastIndex(cluster)));
        assertThat(cluster.core(left).appliedIndex()).isEqualTo(lastIndex(cluster));
    }

    // thesis §3.10: the prior leader "fully updates the target's log" first.
    @Test
    void handOverDoesNotWaitForTheTargetsHeartbeat() {
        cluster.propose(1, "x");
        List<Long> chosen = recipients(cluster);
        cluster.deliverAll();
        long target = chosen.contains(2L) ? 4 : 2;

        cluster.core(1).transferLeadership(target);
        cluster.settle(cluster.node(1));
        cluster.deliverAll();

        assertThat(cluster.core(target).role()).isEqualTo(RoleName.LEADER);
    }

    @Test
    void handOverDoesNotWaitForTheTargetsTurn() {
        cluster.propose(1, "x");
        long target = recipients(cluster).contains(2L) ? 4 : 2;
        cluster.dropAll();

        cluster.core(1).transferLeadership(target);
        cluster.settle(cluster.node(1));

        assertThat(recipients(cluster)).contains(target);
    }

    // Raft §5.2: a leader announces itself to all, so that nobody else stands.
    @Test
    void newLeaderAnnouncesItselfToAll() {
        RaftCluster fresh = new RaftCluster(Thrifty.OPTIONS, RaftCluster.configuration(5, 0), 1);
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

    private static int entryCount(Message.AppendEntries append) {
        return append.entries().stream().mapToInt(Run::entryCount).sum();
    }
}
