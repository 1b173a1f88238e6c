package io.kvd.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The files in {@code src/test/resources/transcripts} are stories, to be read: a command, a line of dashes, and all
 * that it brought about. Any change of it fails the test. Regenerate them with {@code -Dtranscripts.rewrite} and
 * commit only what you can explain.
 */
public final class TranscriptFiles {
    private static final Path DIRECTORY = Path.of("src/test/resources/transcripts");
    private static final String DASHES = "----";

    private TranscriptFiles() {}

    /**
     * One test a file of the module.
     *
     * @param newStory gives what runs the commands of one file, each to the lines that it prints
     */
    public static List<DynamicTest> tests(Supplier<Function<String, List<String>>> newStory)
            throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(), () -> check(file, newStory.get())))
                    .toList();
        }
    }

    private static void check(Path file, Function<String, List<String>> story) throws IOException {
        String expected = Files.readString(file);
        String actual = play(expected, story);
        if (System.getProperty("transcripts.rewrite") != null) {
            Files.writeString(file, actual);
            return;
        }
        assertThat(actual).isEqualTo(expected);
    }

    /** The transcript with the output that its commands have now. */
    private static String play(String text, Function<String, List<String>> story) {
        List<String> lines = new ArrayList<>();
        boolean isOutput = false;
        for (String line : text.lines().toList()) {
            if (line.isBlank()) {
                isOutput = false;
                lines.add("");
            } else if (line.startsWith("#")) {
                lines.add(line);
            } else if (!isOutput && !line.equals(DASHES)) {
                lines.add(line);
                lines.add(DASHES);
                lines.addAll(story.apply(line));
                isOutput = true;
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
