package io.kvd.bench.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.bench.profile.HotCommand;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** Short runs; what they measure means nothing. */
class LocalCommandTest {
    private static final int USAGE = 2;

    @TempDir
    private Path directory;

    @Test
    @Tag("slow")
    void profiledRunTellsWhereTheServersTimeWent() {
        StringWriter load = new StringWriter();
        StringWriter hot = new StringWriter();

        int loaded = run(
                new LocalCommand(),
                load,
                "--nodes=1",
                "--workloads=put",
                "--keys=1000",
                "--rounds=1",
                "--warmup-seconds=0",
                "--iterations=1",
                "--seconds=3",
                "--report=" + directory.resolve("report"),
                "--profile=" + directory.resolve("put.jfr"));
        int shown = run(new HotCommand(), hot, directory.resolve("put-n1.jfr").toString());

        assertThat(load.toString()).contains("| put | 64 in flight | kvd, 1 node |");
        assertThat(loaded).isZero();
        assertThat(shown).isZero();
        assertThat(hot.toString())
                .contains("raft, running in")
                .contains("apply, running in")
                .contains("net, running in")
                .containsPattern("apply +[0-9]+[.][0-9]{2} ")
                .containsPattern("[0-9.]+ %  io[.]kvd[.]core[.]kv[.]");
    }

    @Test
    void profileOfSeveralStepsIsRefused() {
        StringWriter output = new StringWriter();

        assertThat(run(new LocalCommand(), output, "--profile=put.jfr")).isEqualTo(USAGE);
        assertThat(output.toString()).contains("--profile records one step");
    }

    private static int run(Object command, StringWriter output, String... arguments) {
        PrintWriter writer = new PrintWriter(output);
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(writer)
                .setErr(writer)
                .execute(arguments);
    }
}
