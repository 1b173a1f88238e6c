package io.kvd.simulator.mutant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** All the mutants, by name. A patch a file below {@code src/test/resources/mutants}; its directory is its area. */
final class Mutants {
    private static final String DIRECTORY = "simulator/src/test/resources/mutants";
    private static final String SUFFIX = ".patch";

    private Mutants() {}

    static List<Mutant> all() {
        Path directory = root().resolve(DIRECTORY);
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .map(file -> Mutant.parse(name(directory.relativize(file)), read(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The project's directory, which the mutants' paths are relative to. */
    static Path root() {
        Path start = Path.of("").toAbsolutePath();
        return Stream.iterate(start, Objects::nonNull, Path::getParent)
                .filter(directory -> Files.isDirectory(directory.resolve(".mvn")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no .mvn above " + start));
    }

    static Path fileOf(Mutant mutant) {
        return root().resolve(DIRECTORY).resolve(mutant.name() + SUFFIX);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.substring(0, path.length() - SUFFIX.length());
    }
}
