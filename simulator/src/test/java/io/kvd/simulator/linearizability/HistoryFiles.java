package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.HistoryFormatException;
import io.kvd.simulator.history.HistoryReader;
import io.kvd.simulator.history.Invocation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Histories among the test's resources. */
final class HistoryFiles {
    private HistoryFiles() {}

    static List<Invocation> read(String name) {
        try (InputStream in = Objects.requireNonNull(
                HistoryFiles.class.getResourceAsStream("/histories/" + name), name)) {
            return HistoryReader.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (HistoryFormatException e) {
            throw new AssertionError(name + ":" + e.line(), e);
        }
    }
}
