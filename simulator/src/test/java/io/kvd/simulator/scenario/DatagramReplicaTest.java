package io.kvd.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
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

    // The others don't see its hello, and one that is sent anything before it counts as dead.
    @Test
    void nobodyIsSentAnythingForFourSecondsAfterTheLaunch() {
        cluster.sent.clear();

        cluster.runFor(4_000);

        assertThat(cluster.sent).isEmpty();
        cluster.runFor(ELECTION_MS);
        assertThat(cluster.sent).isNotEmpty();
    }

    @Test
    void followerSendsAClientOnAtOnceToALeaderThatWasHeardNotLongAgo() {
        String leader = cluster.awaitLeader();
        cluster.runFor(600);

        String put = cluster.put(cluster.someFollower(leader), "k", "v");

        assertThat(cluster.answersTo(put)).containsExactly("redirect");
        assertThat(cluster.answers).allMatch(answer -> answer.leader().equals(leader));
    }

    // A leader that was there would have served it.
    @Test
    void clientThatComesBackIsSentOnOnlyWhenTheLeaderIsHeardAgain() {
        String leader = cluster.awaitLeader();
        cluster.runFor(600);
        cluster.cutOff(leader);
        cluster.put(cluster.someFollower(leader), "k", "v");

        String again = cluster.put(cluster.someFollower(leader), "k", "v");
        cluster.runFor(500);
        assertThat(cluster.answersTo(again)).isEmpty();
        cluster.heal();
        cluster.runFor(600);

        assertThat(cluster.answersTo(again)).containsExactly("redirect");
    }

    @Test
    void requestsOfAnElectionWaitForTheNewLeader() {
        String dead = cluster.awaitLeader();
        cluster.cutOff(dead);
        cluster.runFor(700);
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

    // Its proposer may be dead, and its client waits; a get that shows the put before its answer
    // would be wrong.
    @Test
    void putOfALostLeaderIsAnsweredByTheOneThatExecutesItAndByNobodyElse() {
        String old = cluster.awaitLeader();
        cluster.put(old, "warm", "up");
        cluster.runFor(600);
        // It arrives everywhere, but no answer comes back, and then nothing any more.
        cluster.lose(datagram -> datagram.dst().equals(old));
        String put = cluster.put(old, "k", "kept");
        cluster.runFor(100);
        cluster.cutOff(old);
        cluster.lose(datagram -> false);
        String leader = cluster.awaitLeader();
        cluster.runFor(ELECTION_MS);
        String check = cluster.get(leader, "k");
        cluster.runFor(100);
        assertThat(cluster.answersTo(put)).containsExactly("ok");
        assertThat(cluster.valueOf(check)).isEqualTo("kept");

        cluster.heal();
        cluster.runFor(2 * ELECTION_MS);

        assertThat(cluster.answersTo(put)).as("once").containsExactly("ok");
    }

    @Test
    void newLeaderAnswersNothingThatItsPredecessorSaidToBeAnswered() {
        String old = cluster.awaitLeader();
        String put = cluster.put(old, "k", "v");
        cluster.runFor(100);
        cluster.cutOff(old);
        cluster.awaitLeader();
        cluster.runFor(ELECTION_MS);

        assertThat(cluster.answersTo(put)).containsExactly("ok");
    }

    @Test
    void putWithoutATextAsItsValueFails() {
        String leader = cluster.awaitLeader();
        for (String value : List.of(
                "",
                ",\"value\":7",
                ",\"value\":null",
                ",\"value\":[\"v\"]",
                ",\"value\":\"\\ud800\"")) {
            cluster.answers.clear();

            cluster.receive(leader, """
                    {"src":"C000","dst":"%s","leader":"FFFF","type":"put","MID":"m%d","key":"k"%s}""".formatted(leader, value.hashCode(), value));
            cluster.runFor(20);

            assertThat(cluster.answers)
                    .as(value)
                    .extracting(Datagram::type)
                    .containsExactly("fail");
        }
        String get = cluster.get(leader, "k");
        cluster.runFor(20);
        assertThat(cluster.valueOf(get)).isEmpty();
    }

    @Test
    void whatIsNoRequestIsNeitherAnsweredNorFatal() {
        String leader = cluster.awaitLeader();
        cluster.answers.clear();
        for (String text : List.of(
                "{}",
                "[]",
                "null",
                "\"put\"",
                "{\"type\":\"put\"}",
                "[".repeat(10_000),
                request(leader, "\"src\":\"FFFF\",\"MID\":\"m\",\"key\":\"k\",\"value\":\"v\""),
                request(leader, "\"src\":\"0001\",\"MID\":\"m\",\"key\":\"k\",\"value\":\"v\""),
                request(leader, "\"src\":\"C000\",\"MID\":7,\"key\":\"k\",\"value\":\"v\""),
                request(leader, "\"src\":\"C000\",\"key\":\"k\",\"value\":\"v\""),
                request(leader, "\"src\":\"C000\",\"MID\":\"m\",\"key\":\"k\",\"key\":\"l\"")
                        .replace(leader, "FFFF"),
                request(leader, "\"src\":\"C000\",\"src\":\"C001\",\"MID\":\"m\",\"key\":\"k\""))) {
            cluster.receive(leader, text);
            cluster.runFor(20);
        }

        assertThat(cluster.answers).isEmpty();
        String put = cluster.put(leader, "k", "v");
        cluster.runFor(20);
        assertThat(cluster.answersTo(put)).containsExactly("ok");
    }

    private static String request(String to, String fields) {
        return "{\"dst\":\"%s\",\"leader\":\"FFFF\",\"type\":\"put\",%s}".formatted(to, fields);
    }

    // The longest escapes: what fits into a request must fit into its answer.
    @Test
    void valueOfControlCharactersComesBack() {
        String leader = cluster.awaitLeader();
        String value = "\n\t\"\\".repeat(2_000) + "\u0001".repeat(5_000);

        cluster.put(leader, "k", value);
        String get = cluster.get(leader, "k");
        cluster.runFor(20);

        assertThat(cluster.valueOf(get)).isEqualTo(value);
        assertThat(cluster.answers)
                .allMatch(answer -> answer.encode().length() <= Datagram.MAX_BYTES);
    }

    @Test
    void largestPutFitsIntoADatagramAndALargerOneFails() {
        String leader = cluster.awaitLeader();
        cluster.sent.clear();

        String largest = cluster.put(leader, "k", "x".repeat(DeskRequest.MAX_BYTES - 100));
        String many = "";
        for (int i = 0; i < 8; i++) {
            many = cluster.put(leader, "k" + i, "y".repeat(DeskRequest.MAX_BYTES / 2));
        }
        String larger = cluster.put(leader, "k", "z".repeat(DeskRequest.MAX_BYTES));
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
