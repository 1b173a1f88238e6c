package io.kvd.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** {@code kvctl batch}: a command a line, over one connection and one session. */
final class BatchCommand implements Command {
    static final String NAME = "batch";

    @Override
    public Usage usage() {
        return new Usage(
                        NAME,
                        "Read commands from standard input, one a line: put, get, del, cas, count.")
                .description(
                        "Lines are cut into words as a shell does; what follows a # is a comment. Lines are sent"
                                + " before earlier ones are answered unless they touch the same key, so the result is that of"
                                + " one after the other. Writes are applied exactly once. Answers come in the order of the"
                                + " lines. A line that fails does not stop the others; the exit code is that of the first"
                                + " that failed.")
                .examples("kvctl batch < commands", "printf 'put a 1\\nget a\\n' | kvctl batch");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Settings settings = invocation.settings().withSession();
        BufferedReader lines = new BufferedReader(
                new InputStreamReader(invocation.console().in(), StandardCharsets.UTF_8));
        try (Caller caller = Caller.withSession(settings)) {
            return new Batch(settings, invocation.console(), caller).run(lines);
        } catch (IOException e) {
            throw Failure.local("can't read the commands: " + e.getMessage());
        }
    }
}
