package io.kvd.simulator.history;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads histories in either of two forms, which the first bytes tell apart: ours, one JSON object a line (see
 * {@link JsonHistory}), and the event log of Jepsen-like tests, one map a line (see {@link EventLogHistory}).
 */
public final class HistoryReader {
    private HistoryReader() {}

    /**
     * All operations of the file, in its order; empty lines are skipped.
     *
     * @throws HistoryFormatException if a line is not of the file's form
     */
    public static List<Invocation> read(InputStream in) throws IOException, HistoryFormatException {
        HistoryLines lines = new HistoryLines(in);
        try {
            String first = nextLine(lines);
            return first.startsWith("{:") ? readEventLog(first, lines) : readJson(first, lines);
        } catch (Malformed malformed) {
            throw new HistoryFormatException(lines.line(), String.valueOf(malformed.getMessage()));
        }
    }

    private static List<Invocation> readJson(String first, HistoryLines lines) throws IOException {
        List<Invocation> history = new ArrayList<>();
        for (String line = first; !lines.hasEnded(); line = nextLine(lines)) {
            history.add(JsonHistory.parse(line));
        }
        return history;
    }

    private static List<Invocation> readEventLog(String first, HistoryLines lines)
            throws IOException {
        EventLogHistory history = new EventLogHistory();
        for (String line = first; !lines.hasEnded(); line = nextLine(lines)) {
            history.add(line, lines.line());
        }
        return history.invocations();
    }

    private static String nextLine(HistoryLines lines) throws IOException {
        String line = lines.next().strip();
        while (line.isEmpty() && !lines.hasEnded()) {
            line = lines.next().strip();
        }
        return line;
    }
}
