package io.kvd.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The scenarios in {@code conf/scenarios}, played with fixed seeds. A failure names the runs that did not pass. */
class ScenarioTest {
    private static final Path DIRECTORY = Path.of("../conf/scenarios");
    private static final int SEEDS = 4;
    private static final int SOAK_SEEDS = 100;

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
            assertThat(names).hasSize(17);
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void scenarioIsFullInEveryColumn(String name) throws IOException {
        play(scenario(name), SEEDS);
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("names")
    void scenarioIsFullWithAHundredSeeds(String name) throws IOException {
        play(scenario(name), SOAK_SEEDS);
    }

    private static void play(Scenario scenario, int seeds) {
        ScenarioReport report = new ScenarioReport();
        List<ScenarioResult> results = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            results.add(ScenarioRun.of(scenario, Links.LOOPBACK, seed));
        }
        report.add(results);
        assertThat(results)
                .filteredOn(result -> !isVoidByLuck(result))
                .as("%s", report.lines())
                .allMatch(ScenarioResult::isPassed);
    }

    // With few requests some seeds give gets to clients that had no put yet, however fast the
    // answers are.
    private static boolean isVoidByLuck(ScenarioResult result) {
        return result.voids().size() == 1
                && result.voids().get(0).contains("could not be generated");
    }

    @ParameterizedTest
    @MethodSource("names")
    void noDropsMakeAGetIncorrectOrAReplicaDie(String name) throws IOException {
        for (double drops : new double[] {0.3, 0.5}) {
            ScenarioResult result =
                    ScenarioRun.of(scenario(name).withDrops(drops), Links.LOOPBACK, 7);

            assertThat(result.incorrect()).as("%s drops %s", name, drops).isZero();
            assertThat(result.voids()).noneMatch(reason -> reason.contains("died"));
        }
    }

    @Test
    void sameSeedGivesTheSameResultAndAnotherOneAnother() throws IOException {
        Scenario scenario = scenario("advanced-1");

        assertThat(ScenarioRun.of(scenario, Links.LOOPBACK, 3))
                .isEqualTo(ScenarioRun.of(scenario, Links.LOOPBACK, 3));
        assertThat(ScenarioRun.of(scenario, Links.LOOPBACK, 3).totalMessages())
                .isNotEqualTo(ScenarioRun.of(scenario, Links.LOOPBACK, 4).totalMessages());
    }

    // The run can tell: without a quorum nothing is answered.
    @Test
    void runWithoutAQuorumIsVoid() throws IOException {
        String json = text("crash-2")
                .replace("\"kill_non_leader\", \"time\": 20", "\"kill_leader\", \"time\": 11")
                .replace(
                        "\"time\": 11}",
                        "\"time\": 11}, {\"type\": \"kill_leader\", \"time\": 14}");

        ScenarioResult result =
                ScenarioRun.of(Scenario.parse("three of five", json), Links.LOOPBACK, 1);

        assertThat(result.isPassed()).isFalse();
        assertThat(result.failuresVerdict()).isEqualTo(Scenario.Verdict.FAIL);
        assertThat(result.voids()).anyMatch(reason -> reason.contains("puts unanswered"));
    }

    @Test
    void verdictIsOfWhatIsLessThanALimit() {
        Scenario.Benchmark limits = new Scenario.Benchmark(0, 1, 5);

        assertThat(limits.of(0)).as("no one is below 0").isEqualTo(Scenario.Verdict.FULL);
        assertThat(limits.of(1)).isEqualTo(Scenario.Verdict.PARTIAL);
        assertThat(limits.of(5)).isEqualTo(Scenario.Verdict.FAIL);
        assertThat(limits.of(-1)).isEqualTo(Scenario.Verdict.BONUS);
    }

    @Test
    void reportShowsTheWorstOfTheSeeds() throws IOException {
        Scenario scenario = scenario("crash-1");
        ScenarioReport report = new ScenarioReport();

        report.add(List.of(
                new ScenarioResult(scenario, 1, Links.LAN, 2400, 0, 0, 0.002, 0, List.of()),
                new ScenarioResult(
                        scenario, 2, Links.LAN, 2600, 1, 0, 0.006, 2, List.of("2 gets wrong"))));

        assertThat(report.isPassed()).isFalse();
        assertThat(report.lines()).last().asString().isEqualTo("crash-1 seed 2: 2 gets wrong");
        assertThat(report.lines().get(1).split(" +"))
                .containsExactly(
                        "crash-1", "2600", "full", "1", "partial", "0", "full", "0.0060", "partial",
                        "2", "1/2");
    }

    @Test
    void fileThatIsNoScenarioIsRefusedWithTheReason() throws IOException {
        String json = text("crash-1");

        assertRefused(json + "}", "column");
        assertRefused("[]", "must be an object");
        assertRefused(
                json.replace("\"mix\": 0.2", "\"mix\": \"much\""), "\"mix\" must be a number");
        assertRefused(json.replace("\"mix\": 0.2", "\"mix\": 2"), "\"mix\" and \"drops\"");
        assertRefused(json.replace("\"replicas\": 5", "\"replicas\": 22"), "\"replicas\"");
        assertRefused(json.replace("kill_non_leader", "kill_all"), "no event \"kill_all\"");
        assertRefused(json.replace("[2500, 4000, 5000]", "[2500]"), "[bonus, full, partial]");
    }

    private static void assertRefused(String json, String reason) {
        assertThatThrownBy(() -> Scenario.parse("x", json))
                .isInstanceOf(Scenario.FormatException.class)
                .hasMessageContaining(reason);
    }

    private static Scenario scenario(String name) throws IOException {
        return Scenario.parse(name, text(name));
    }

    private static String text(String name) throws IOException {
        return Files.readString(DIRECTORY.resolve(name + ".json"));
    }
}
