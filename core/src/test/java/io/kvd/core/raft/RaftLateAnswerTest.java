package io.kvd.core.raft;

import static io.kvd.core.raft.Thrifty.ELECTION;
import static io.kvd.core.raft.Thrifty.HEARTBEAT;
import static io.kvd.core.raft.Thrifty.LATE;
import static io.kvd.core.raft.Thrifty.calm;
import static io.kvd.core.raft.Thrifty.lastIndex;
import static io.kvd.core.raft.Thrifty.recipients;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.TreeSet;

/**
 * A thrifty leader that misses an answer: the next in turn gets everything, and the late one once more, until it
 * answered or counts as absent.
 */
class RaftLateAnswerTest {
    private final RaftCluster cluster = calm(5, 0);

    @Test
    void lateAnswerOfOneChosenSendsToTheNextInTurnAndAgainToTheLateOne() {
        long dead = chosenNext();
        cluster.node(dead).crash();
        cluster.propose(1, "x");
        cluster.deliverAll();
        assertThat(cluster.core(1).commitIndex()).isLessThan(lastIndex(cluster));

        cluster.tick(1, LATE - 1);
        assertThat(cluster.network()).as("not late yet").isEmpty();
        cluster.tick(1);
        assertThat(cluster.inFlight(Message.AppendEntries.class))
                .filteredOn(append -> !append.entries().isEmpty())
                .extracting(Message.AppendEntries::to)
                .as("not the one that answered, nor more than one that lacks it")
                .hasSize(2)
                .contains(dead);
        cluster.deliverAll();

        assertThat(cluster.core(1).commitIndex()).isEqualTo(lastIndex(cluster));
    }

    @Test
    void lateAnswerOfOneChosenSendsTheReadRoundToTheNextInTurn() {
        cluster.run(2 * HEARTBEAT);
        ReadId read = cluster.read(1);
        cluster.node(recipients(cluster).get(0)).crash();
        cluster.deliverAll();
        assertThat(cluster.node(1).confirmedReads)
                .extracting(ConfirmedRead::id)
                .doesNotContain(read);

        cluster.tick(1, LATE);
        cluster.deliverAll();

        assertThat(cluster.node(1).confirmedReads).extracting(ConfirmedRead::id).contains(read);
    }

    @Test
    void whereTooFewAnsweredLatelyEverythingGoesToAll() {
        for (long id = 2; id <= 4; id++) {
            cluster.isolate(id);
        }
        cluster.propose(1, "x");
        cluster.run(HEARTBEAT + LATE);
        cluster.heal();

        cluster.propose(1, "y");

        assertThat(new TreeSet<>(recipients(cluster))).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void whoAnswersSteadilyIsNotLateThoughSomethingIsAlwaysOnItsWay() {
        RaftCluster three = calm(3, 0);
        three.node(3).crash();
        three.propose(1, "x");
        three.run(2 * HEARTBEAT);
        tickUntilSentTo(3, three);
        three.deliverAll();

        for (int i = 0; i < HEARTBEAT - 1; i++) {
            three.tick(1);
            three.propose(1, "p" + i);
            assertThat(three.inFlight(Message.AppendEntries.class))
                    .extracting(Message.AppendEntries::to)
                    .containsOnly(2L);
            three.deliver(message -> message.to() == 1);
            three.deliver(message -> message.to() == 2);
        }
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
        // All were told of the new leader at once, so all heartbeats are due at once.
        RaftCluster fresh = new RaftCluster(Thrifty.OPTIONS, RaftCluster.configuration(5, 0), 1);
        fresh.startAll().elect(1);
        for (int i = 0; i < HEARTBEAT && fresh.network().isEmpty(); i++) {
            fresh.tick(1);
        }
        assertThat(fresh.inFlight(Message.AppendEntries.class)).hasSize(4);
        fresh.drop(message -> message.to() != 5);
        fresh.deliverAll();

        for (int i = 1; i < HEARTBEAT; i++) {
            fresh.tick(1);
            assertThat(fresh.network()).as("after %d ticks", i).isEmpty();
        }
    }

    @Test
    void whoIsLateIsNotChosenUntilItAnswers() {
        long late = chosenNext();
        cluster.propose(1, "x");
        cluster.deliver(message -> message.to() != late);
        cluster.deliver(message -> message.to() == 1);
        cluster.tick(1, LATE);
        cluster.deliver(message -> message.to() != late);
        cluster.deliver(message -> message.to() == 1);
        cluster.drop(message -> message.to() == late);

        for (int i = 0; i < 3; i++) {
            cluster.propose(1, "without it " + i);
            assertThat(recipients(cluster)).hasSize(2).doesNotContain(late);
            cluster.deliverAll();
        }
    }

    // A lost message costs one more, and its answer, instead of a question and what follows from
    // it.
    @Test
    void whatALateOneDidNotAnswerIsSentAgainWhole() {
        long late = chosenNext();
        cluster.propose(1, "lost");
        cluster.drop(message -> message.to() == late);
        cluster.deliverAll();

        cluster.tick(1, LATE);

        assertThat(cluster.inFlight(Message.AppendEntries.class))
                .filteredOn(append -> append.to() == late)
                .hasSize(1)
                .allSatisfy(append -> assertThat(append.entries()).isNotEmpty());
        cluster.deliverAll();
        assertThat(cluster.node(late).core().lastId().index()).isEqualTo(lastIndex(cluster));
    }

    @Test
    void whoIsSilentForAHeartbeatIsPassedOverUntilItAnswers() {
        long dead = chosenNext();
        cluster.node(dead).crash();
        cluster.propose(1, "x");
        cluster.run(HEARTBEAT + 1);

        for (int i = 0; i < 6; i++) {
            cluster.propose(1, "p" + i);
            assertThat(recipients(cluster)).hasSize(2).doesNotContain(dead);
            cluster.deliverAll();
        }
        cluster.node(dead).start(Long.MAX_VALUE);
        cluster.run(2 * HEARTBEAT);
        TreeSet<Long> asked = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            cluster.propose(1, "q" + i);
            asked.addAll(recipients(cluster));
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
            assertThat(cluster.core(1).commitIndex()).isEqualTo(lastIndex(cluster));
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
    void learnerThatHasAnEntryMakesUpForNoVoter() {
        RaftCluster withLearner = calm(3, 1);
        tickUntilSentTo(4, withLearner);
        withLearner.drop(message -> message.to() != 4);
        withLearner.deliverAll();

        withLearner.tick(1, LATE);
        withLearner.deliverAll();

        assertThat(withLearner.core(1).commitIndex())
                .isEqualTo(withLearner.core(1).lastId().index());
    }

    /** Puts once a tick, until a put leaves for the node, too: its heartbeat is due. */
    private static void tickUntilSentTo(long id, RaftCluster cluster) {
        for (int i = 0; i <= HEARTBEAT; i++) {
            cluster.deliverAll();
            cluster.core(1).tick();
            cluster.propose(1, "until " + i);
            if (cluster.inFlight(Message.AppendEntries.class).stream()
                    .anyMatch(append -> append.to() == id)) {
                return;
            }
        }
        throw new AssertionError("nothing is sent to " + id);
    }

    /** One that the next bare quorum contains. */
    private long chosenNext() {
        cluster.propose(1, "a");
        List<Long> now = recipients(cluster);
        cluster.deliverAll();
        return List.of(2L, 3L, 4L, 5L).stream()
                .filter(id -> !now.contains(id))
                .findFirst()
                .orElseThrow();
    }
}
