package io.kvd.bench.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A class has at most 500 lines and a method at most 60, in product and in test code alike. */
class HouseRulesTest {

    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_METHOD_LINES = 60;

    @Test
    void noFileIsTooLong() {
        assertThat(sources().filter(file -> SourceSize.lineCount(read(file)) > MAX_FILE_LINES))
                .isEmpty();
    }

    @Test
    void noMethodIsTooLong() {
        List<String> tooLong = sources()
                .flatMap(file ->
                        SourceSize.longMethods(file.toString(), read(file), MAX_METHOD_LINES)
                                .stream())
                .toList();

        assertThat(tooLong).isEmpty();
    }

    @Test
    void sourcesAreFound() {
        assertThat(sources()).anyMatch(file -> file.endsWith("HouseRulesTest.java"));
        assertThat(sources()).anyMatch(file -> file.startsWith(root().resolve("core/src/main")));
    }

    @Test
    void methodOfTooManyLinesIsNoticed() {
        String source = """
                class A {
                    int few() {
                        return 1;
                    }

                    /** Comments above do not count. */
                    @Override
                    int many() {
                        int a = 1;
                        return a;
                    }
                }
                """;

        assertThat(SourceSize.longMethods("A.java", source, 4))
                .containsExactly("A.java: many has 5 lines");
        assertThat(SourceSize.longMethods("A.java", source, 5)).isEmpty();
        assertThat(SourceSize.lineCount(source)).isEqualTo(12);
    }

    private static Stream<Path> sources() {
        return Stream.of("core", "simulator", "server", "client-cli", "bench")
                .flatMap(module ->
                        Stream.of("main", "test").map(kind -> module + "/src/" + kind + "/java"))
                .map(root()::resolve)
                .filter(Files::isDirectory)
                .flatMap(HouseRulesTest::javaFiles);
    }

    private static Stream<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Surefire starts in the module's directory; the project's is the one with .mvn. */
    private static Path root() {
        Path start = Path.of("").toAbsolutePath();
        return Stream.iterate(start, Objects::nonNull, Path::getParent)
                .filter(directory -> Files.isDirectory(directory.resolve(".mvn")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no .mvn above " + start));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
