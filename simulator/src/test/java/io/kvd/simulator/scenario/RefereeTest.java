package io.kvd.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The public judge's rules, each by a datagram or two. */
class RefereeTest implements Referee.Field {
    private static final long SECOND = 1_000_000_000;

    private final List<Datagram> delivered = new ArrayList<>();
    private final List<String> killed = new ArrayList<>();
    private Referee referee = new Referee(scenario("simple-2"), new SplittableRandom(1), this);

    @Override
    public void deliver(String id, String text) {
        delivered.add(Datagram.decode(text).orElseThrow());
    }

    @Override
    public void kill(String id) {
        killed.add(id);
    }

    @BeforeEach
    void greetAll() {
        play("simple-2");
    }

    private void play(String name) {
        referee = new Referee(scenario(name), new SplittableRandom(1), this);
        referee.replicas().forEach(id -> say(id, "FFFF", "hello", Map.of()));
        delivered.clear();
    }

    private void say(String from, String to, String type, Map<String, String> fields) {
        referee.receive(from, new Datagram(from, to, "0000", type, fields).encode(), SECOND);
    }

    private Datagram nextRequest() {
        delivered.clear();
        for (long at = 5 * SECOND; delivered.isEmpty(); at += SECOND / 100) {
            referee.advance(at);
        }
        return delivered.get(0);
    }

    private void answer(Datagram request, String type, String value) {
        Map<String, String> fields = new TreeMap<>(Map.of("MID", request.field("MID")));
        if (request.type().equals("get")) {
            fields.put("value", value);
        }
        say(request.dst(), request.src(), type, fields);
    }

    private ScenarioResult result() {
        return referee.judge(1, Links.LOOPBACK);
    }

    @Test
    void replicaThatIsSentAnythingBeforeItsHelloIsDead() {
        referee = new Referee(scenario("simple-2"), new SplittableRandom(1), this);
        say("0000", "FFFF", "hello", Map.of());
        say("0000", "0001", "raft", Map.of());

        assertThat(delivered).isEmpty();
        assertThat(result().voids()).anyMatch(reason -> reason.contains("0001 was sent a raft"));
    }

    @Test
    void helloIsForTheJudgeAlone() {
        say("0001", "FFFF", "hello", Map.of());

        assertThat(delivered).isEmpty();
        assertThat(result().totalMessages()).isZero();
    }

    @Test
    void multicastCountsAsOneMessageForEachOther() {
        say("0001", "FFFF", "news", Map.of());

        assertThat(delivered).hasSize(4);
        assertThat(result().totalMessages()).isEqualTo(4);
    }

    @Test
    void redirectIsAskedAgainUnderANewMidWhereItSays() {
        Datagram request = nextRequest();
        delivered.clear();
        answer(request, "redirect", "");

        Datagram again = delivered.get(0);
        assertThat(again.dst()).isEqualTo("0000");
        assertThat(again.field("MID")).isNotEqualTo(request.field("MID"));
        assertThat(again.field("key")).isEqualTo(request.field("key"));
        assertThat(result().failures()).as("unanswered").isEqualTo(1);
    }

    @Test
    void secondAnswerIsADuplicateAndAnAnswerToNothingIsIncorrect() {
        Datagram request = nextRequest();
        answer(request, "ok", "");
        answer(request, "ok", "");
        assertThat(result().duplicates()).isEqualTo(1);
        assertThat(result().incorrect()).isZero();

        say("0000", request.src(), "ok", Map.of("MID", "never asked"));
        assertThat(result().incorrect()).isEqualTo(1);
    }

    @Test
    void getMustReturnTheValueOfTheLastAcknowledgedPut() {
        TreeMap<String, String> state = new TreeMap<>();
        Datagram request = nextRequest();
        while (!request.type().equals("get")) {
            state.put(request.field("key"), request.field("value"));
            answer(request, "ok", "");
            request = nextRequest();
        }
        String value = state.getOrDefault(request.field("key"), "");
        answer(request, "ok", value);
        assertThat(result().incorrect()).isZero();

        do {
            answer(request, "ok", "");
            request = nextRequest();
        } while (!request.type().equals("get"));
        answer(request, "ok", "something else");
        assertThat(result().incorrect()).isEqualTo(1);
    }

    @Test
    void leaderIsKilledWhereTheLastMessageNamedOne() {
        play("crash-3");
        say("0002", "0003", "raft", Map.of());
        referee.advance(16 * SECOND);

        assertThat(killed).containsExactly("0000");
        assertThat(referee.isListenedTo("0000")).isFalse();
    }

    @Test
    void partitionKeepsAQuorumTogetherAndCutsTheRestOff() {
        play("partition-3");
        referee.advance(11 * SECOND);
        delivered.clear();
        for (String from : referee.replicas()) {
            say(from, "FFFF", "news", Map.of());
        }

        assertThat(delivered).as("3 x 2 and 2 x 1").hasSize(8);
    }

    private static Scenario scenario(String name) {
        try {
            return Scenario.parse(
                    name, Files.readString(Path.of("../conf/scenarios/" + name + ".json")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
