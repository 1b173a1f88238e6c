package io.kvd.server.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.server.Golden;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The files in conf/: all keys, each explained, set or shown with the value that counts without it. */
class SampleFilesTest {
    private static final String PEERS = "n1=127.0.0.1:7400, n2=127.0.0.1:7410, n3=127.0.0.1:7420";

    @TempDir
    private Path directory = Path.of("");

    /**
     * One file.
     *
     * @param head its first lines
     * @param set the keys it sets
     */
    /** Memory in which every default is as large as it gets. */
    private static final JvmMemory ENOUGH = new JvmMemory(4L << 30, 4L << 30);

    record Sample(String path, String head, Map<String, String> set) {
        @Override
        public String toString() {
            return path;
        }
    }

    static Stream<Sample> samples() {
        Sample single = new Sample(
                "conf/node.conf",
                "# A single node:  bin/kvd start --config conf/node.conf\n",
                Map.of("node.data-dir", "./data/single"));
        return Stream.concat(
                Stream.of(single), Stream.of("n1", "n2", "n3").map(SampleFilesTest::member));
    }

    private static Sample member(String name) {
        String path = "conf/cluster/" + name + ".conf";
        return new Sample(
                path,
                "# One of three on this machine:  bin/kvd start --config " + path + "\n",
                Map.of(
                        "node.name", name,
                        "node.data-dir", "./data/cluster/" + name,
                        "cluster.peers", PEERS));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void fileExplainsEveryKeyAndShowsItsValue(Sample sample) throws IOException {
        Golden.check(sample.path(), text(sample));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void fileLoadsAndSaysTheSameWithEveryLineInForce(Sample sample) throws IOException {
        Path file = Golden.file(sample.path());
        Path inForce = directory.resolve("in-force.conf");
        Files.writeString(
                inForce, Files.readString(file).replaceAll("(?m)^# ([a-z]+\\.[a-z-]+ = )", "$1"));

        LoadedConfig loaded = load(file);
        LoadedConfig all = load(inForce);

        // A list of one that is written down is taken at its word.
        assertThat(all.config())
                .usingRecursiveComparison()
                .ignoringFields("cluster.isListed")
                .isEqualTo(loaded.config());
        assertThat(all.values()).noneMatch(value -> value.origin().equals(Settings.DEFAULT_ORIGIN));
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.values())
                .filteredOn(value -> !value.origin().equals(Settings.DEFAULT_ORIGIN))
                .hasSameSizeAs(sample.set().keySet())
                .allSatisfy(value ->
                        assertThat(sample.set()).containsEntry(value.path(), value.value()));
    }

    private static LoadedConfig load(Path file) {
        return ConfigLoader.load(ConfigSources.none().withFile(file), ENOUGH);
    }

    private static String text(Sample sample) {
        ConfigSources sources = ConfigSources.none();
        for (Map.Entry<String, String> entry : sample.set().entrySet()) {
            sources = sources.with(
                    new ConfigSources.Assignment("--set", entry.getKey(), entry.getValue()));
        }
        ServerConfig config = ConfigLoader.load(sources, ENOUGH).config();
        StringBuilder text = new StringBuilder(sample.head())
                .append("# Every key is optional; those that are not set show what counts then.\n")
                .append("# docs/config.md is the reference.\n");
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            String mark = sample.set().containsKey(key.path()) ? "" : "# ";
            text.append('\n')
                    .append(comment(key.sentence()))
                    .append("#   ")
                    .append(key.type().form())
                    .append("\n#   default: ")
                    .append(key.fallback().text())
                    .append('\n')
                    .append(mark)
                    .append(key.path())
                    .append(" = ")
                    .append(hocon(key, config))
                    .append('\n');
        }
        return text.toString();
    }

    private static String comment(String sentence) {
        StringBuilder lines = new StringBuilder("#");
        int column = 1;
        for (String word : sentence.split(" ", -1)) {
            if (column + 1 + word.length() > 96) {
                lines.append("\n#");
                column = 1;
            }
            lines.append(' ').append(word);
            column += 1 + word.length();
        }
        return lines.append('\n').toString();
    }

    private static String hocon(ConfigKey<?> key, ServerConfig config) {
        String value = key.print(config);
        if (key.type().shape() == ValueType.Shape.LIST) {
            return "[\"" + value.replace(", ", "\", \"") + "\"]";
        }
        return value.matches("[A-Za-z0-9 ]+") ? value : "\"" + value + "\"";
    }
}
