package io.kvd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares a file of the source tree with what the code says it is; writes it instead with -Dgolden.rewrite. */
public final class Golden {
    private Golden() {}

    /** A file of the source tree, wherever the test was started. */
    public static Path file(String path) {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling(path);
    }

    public static void check(String path, String expected) throws IOException {
        Path file = file(path);
        if (System.getProperty("golden.rewrite") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        assertThat(file).as("regenerate with -Dgolden.rewrite").exists().hasContent(expected);
    }
}
