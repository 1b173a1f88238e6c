package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files in {@code transcripts/} are stories of the protocol, to be read: a command, a line of
 * dashes, and all that it brought about. Regenerate them with {@code -Dtranscripts.rewrite} and
 * commit only what you can explain.
 */
class TranscriptTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/transcripts");
    private static final String DASHES = "----";

    @TestFactory
    List<DynamicTest> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(), () -> check(file)))
                    .toList();
        }
    }

    private static void check(Path file) throws IOException {
        String expected = Files.readString(file);
        String actual = play(expected);
        if (System.getProperty("transcripts.rewrite") != null) {
            Files.writeString(file, actual);
            return;
        }
        assertThat(actual).isEqualTo(expected);
    }

    /** The transcript with the output that its commands have now. */
    private static String play(String text) {
        Transcript transcript = new Transcript();
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
                lines.addAll(transcript.run(line));
                isOutput = true;
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
