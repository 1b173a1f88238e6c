package io.kvd.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Nothing of a JVM gets into a run: not its collector, compiler, language, time zone or object addresses. */
class SameSeedSameRunTest {
    private static final int FIRST = 1;
    private static final int SEEDS = 40;

    private static final List<String> ONE = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=2", // The same for all objects.
            "-Duser.language=en",
            "-Duser.timezone=UTC",
            "-Dfile.encoding=UTF-8");

    private static final List<String> OTHER = List.of(
            "-XX:+UseG1GC",
            "-Xmx300m",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=0", // Drawn at random.
            "-Duser.language=tr",
            "-Duser.timezone=Asia/Kathmandu",
            "-Dfile.encoding=ISO-8859-1");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void twoJvmsWithDifferentFlagsRunAHundredSeedsAlike() throws Exception {
        Path ones = directory.resolve("one");
        Path others = directory.resolve("other");
        Process one = start(ONE, ones);
        Process other = start(OTHER, others);
        try {
            assertThat(one.waitFor()).as("%s", Files.readString(ones)).isZero();
            assertThat(other.waitFor()).as("%s", Files.readString(others)).isZero();
        } finally {
            one.destroyForcibly();
            other.destroyForcibly();
        }

        List<String> hashes = Files.readAllLines(ones);
        assertThat(hashes).hasSize(SEEDS);
        assertThat(hashes.stream()
                        .map(line -> line.substring(line.indexOf(' ')))
                        .distinct())
                .hasSize(SEEDS);
        assertThat(Files.readAllLines(others)).isEqualTo(hashes);
    }

    private static Process start(List<String> flags, Path output) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
        command.addAll(
                List.of(SeedHashes.class.getName(), String.valueOf(FIRST), String.valueOf(SEEDS)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
