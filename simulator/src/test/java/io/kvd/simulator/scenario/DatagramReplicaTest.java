package io.kvd.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class DatagramReplicaTest {
    private static final long ELECTION_MS = 3_500;

    private final DatagramCluster cluster = new DatagramCluster(5);

    @Test
    void saysHelloToAllAndNothingElseBeforeAnElection() {
        assertThat(cluster.sent).hasSize(5).allSatisfy(hello -> {
            assertThat(hello.type()).isEqualTo("hello");
            assertThat(hello.dst()).isEqualTo("FFFF");
            assertThat(hello.leader()).isEqualTo("FFFF");
        });
    }

    @Test
    void leaderAnswersPutsAndGets() {
        String leader = cluster.awaitLeader();

        String put = cluster.put(leader, "k", "v");
        String get = cluster.get(leader, "k");
        String other = cluster.get(leader, "never put");
        cluster.runFor(10);

        assertThat(cluster.answersTo(put)).containsExactly("ok");
        assertThat(cluster.answersTo(get)).containsExactly("ok");
        assertThat(cluster.valueOf(get)).isEqualTo("v");
        assertThat(cluster.answersTo(other)).containsExactly("ok");
        assertThat(cluster.valueOf(other)).isEmpty();
        assertThat(cluster.answers).allMatch(answer -> answer.leader().equals(leader));
    }

    @Test
    void putCostsTwoAppendsAndTwoAnswers() {
        String leader = cluster.awaitLeader();
        cluster.put(leader, "k", "v");
        cluster.runFor(10);
        cluster.sent.clear();

        cluster.put(leader, "k", "w");
        cluster.runFor(10);

        assertThat(cluster.sent).filteredOn(sent -> sent.type().equals("raft")).hasSize(4);
    }

    // A second answer to a MID is worse than none: the client has gone on.
    @Test
    void requestThatComesAgainIsAnsweredOnce() {
        String leader = cluster.awaitLeader();
        Map<String, String> put = Map.of("MID", "same", "key", "k", "value", "v");
        cluster.lose(datagram -> true);
        cluster.request(leader, "put", put);
        cluster.request(leader, "put", put);
        cluster.lose(datagram -> false);
        cluster.runFor(1_000);
        cluster.request(leader, "put", put);
        cluster.runFor(1_000);

        assertThat(cluster.answersTo("same")).containsExactly("ok");
    }

    @Test
    void followerSendsOnToALeaderThatWasHeardAfterTheRequestCame() {
        String leader = cluster.awaitLeader();
        String follower = cluster.someFollower(leader);

        String put = cluster.put(follower, "k", "v");
        assertThat(cluster.answersTo(put)).as("may be dead").isEmpty();
        cluster.runFor(600);

        assertThat(cluster.answersTo(put)).containsExactly("redirect");
        assertThat(cluster.answers).allMatch(answer -> answer.leader().equals(leader));
    }

    @Test
    void requestsOfAnElectionWaitForTheNewLeader() {
        String dead = cluster.awaitLeader();
        cluster.cutOff(dead);
        String follower = cluster.someFollower(dead);
        String put = cluster.put(follower, "k", "v");
        cluster.runFor(1_000);
        assertThat(cluster.answersTo(put)).isEmpty();

        String leader = cluster.awaitLeader();
        cluster.runFor(ELECTION_MS);

        assertThat(cluster.answersTo(put))
                .containsExactly(leader.equals(follower) ? "ok" : "redirect");
        assertThat(cluster.answers).noneMatch(answer -> answer.leader().equals(dead));
    }

    // Sent on, it would be put a second time if the first one was committed after all.
    @Test
    void putOfADeposedLeaderIsSentOnOnlyWhenItIsCertainlyLost() {
        String old = cluster.awaitLeader();
        cluster.cutOff(old);
        String put = cluster.put(old, "k", "lost");
        String get = cluster.get(old, "k");
        cluster.awaitLeader();
        cluster.runFor(ELECTION_MS);
        assertThat(cluster.answersTo(put)).as("of unknown outcome").isEmpty();
        assertThat(cluster.answersTo(get)).as("nobody is there to confirm it").isEmpty();

        cluster.heal();
        cluster.runFor(ELECTION_MS);
        String leader = cluster.awaitLeader();
        String check = cluster.get(leader, "k");
        cluster.runFor(100);

        assertThat(cluster.answersTo(put)).containsExactly("redirect");
        assertThat(cluster.answersTo(get)).containsExactly("redirect");
        assertThat(cluster.valueOf(check)).isEmpty();
    }

    @Test
    void putOfADeposedLeaderThatIsCommittedAfterAllIsAnswered() {
        String old = cluster.awaitLeader();
        cluster.put(old, "warm", "up");
        cluster.runFor(600);
        // It arrives everywhere, but no answer comes back, and then nothing any more.
        cluster.lose(datagram -> datagram.dst().equals(old));
        String put = cluster.put(old, "k", "kept");
        cluster.runFor(100);
        cluster.cutOff(old);
        cluster.lose(datagram -> false);
        cluster.awaitLeader();
        cluster.runFor(ELECTION_MS);
        assertThat(cluster.answersTo(put)).isEmpty();

        cluster.heal();
        cluster.runFor(ELECTION_MS);
        String leader = cluster.awaitLeader();
        String check = cluster.get(leader, "k");
        cluster.runFor(100);

        assertThat(cluster.answersTo(put)).containsExactly("ok");
        assertThat(cluster.valueOf(check)).isEqualTo("kept");
    }

    @Test
    void largestPutFitsIntoADatagramAndALargerOneFails() {
        String leader = cluster.awaitLeader();
        cluster.sent.clear();

        String largest = cluster.put(leader, "k", "x".repeat(ClientDesk.MAX_PUT_BYTES - 1));
        String many = "";
        for (int i = 0; i < 8; i++) {
            many = cluster.put(leader, "k" + i, "y".repeat(ClientDesk.MAX_PUT_BYTES / 2));
        }
        String larger = cluster.put(leader, "k", "z".repeat(ClientDesk.MAX_PUT_BYTES));
        cluster.runFor(2_000);

        assertThat(cluster.answersTo(largest)).containsExactly("ok");
        assertThat(cluster.answersTo(many)).containsExactly("ok");
        assertThat(cluster.answersTo(larger)).containsExactly("fail");
        assertThat(cluster.sent)
                .allMatch(datagram -> datagram.encode().length() <= Datagram.MAX_BYTES);
    }

    @Test
    void datagramsThatMakeNoSenseAreDropped() {
        String leader = cluster.awaitLeader();

        cluster.request(leader, "raft", Map.of("frame", "AAAA"));
        cluster.request(leader, "raft", Map.of("frame", "no base64"));
        cluster.request(leader, "ok", Map.of("MID", "m"));
        cluster.request(leader, "something else", Map.of());
        String noKey = cluster.put(leader, "", "v");
        String put = cluster.put(leader, "k", "v");
        cluster.runFor(10);

        assertThat(cluster.answersTo(noKey)).containsExactly("fail");
        assertThat(cluster.answersTo(put)).containsExactly("ok");
    }
}
