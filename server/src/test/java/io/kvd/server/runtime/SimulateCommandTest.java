package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

class SimulateCommandTest {
    private static final String CRASH = "../conf/scenarios/crash-4.json";

    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();

    @Test
    void scenarioThatPassesEndsWithZeroAndItsRow() {
        assertThat(run("--scenario", CRASH)).isZero();

        assertThat(out.toString().lines())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("crash-4 ")
                .endsWith(" 1/1");
    }

    @Test
    void scenarioThatDoesNotPassEndsWithFifteen() throws IOException {
        String strict =
                Files.readString(Path.of(CRASH)).replace("[1800, 4000, 5000]", "[100, 200, 300]");
        Files.writeString(directory.resolve("strict.json"), strict);

        assertThat(run("--scenario", directory.toString(), "--seeds", "2", "--start", "5"))
                .isEqualTo(15);
        assertThat(out.toString()).contains("strict ").contains(" fail ").contains(" 0/2");
    }

    @Test
    void scenarioIsPlayedWithTheSeedsThatAreGiven() {
        run("--scenario", CRASH, "--seed", "9");
        String ninth = out.toString();
        out.getBuffer().setLength(0);
        run("--scenario", CRASH, "--seeds", "1", "--start", "9");

        assertThat(out.toString()).isEqualTo(ninth);
        out.getBuffer().setLength(0);
        run("--scenario", CRASH, "--seed", "10");
        assertThat(out.toString()).isNotEqualTo(ninth);
    }

    private int run(String... arguments) {
        CommandLine command = new CommandLine(new SimulateCommand());
        command.setOut(new PrintWriter(out, true));
        return command.execute(arguments);
    }
}
