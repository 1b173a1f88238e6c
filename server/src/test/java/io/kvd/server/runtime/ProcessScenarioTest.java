package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.scenario.Scenario;
import io.kvd.simulator.scenario.ScenarioResult;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A short scenario with real processes, judged as the public judge does. How fast it is depends on the machine. */
@Tag("slow")
class ProcessScenarioTest {
    @Test
    void processesSurviveTheirLeaderAndReturnNothingWrong() throws IOException {
        String json = Files.readString(Path.of("../conf/scenarios/crash-3.json"))
                .replace("\"lifetime\": 30", "\"lifetime\": 6")
                .replace("\"start_wait\": 5", "\"start_wait\": 12")
                .replace("\"requests\": 400", "\"requests\": 60")
                .replace("\"time\": 10", "\"time\": 1");

        ScenarioResult result = ScenarioFiles.processes().play(Scenario.parse("short", json), 1);

        System.out.println(result);
        assertThat(result.incorrect()).as("%s", result.voids()).isZero();
    }
}
