package io.kvd.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/** Runs kvctl in this process. What it printed comes back as one text: output, errors, and the exit code in brackets. */
final class Shell {
    private final TreeMap<String, String> environment = new TreeMap<>();
    private String failure = "";
    private String output = "simple";
    private byte[] input = new byte[0];
    private Console.Terminal terminal = Console.Terminal.NO;

    Shell environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Shell input(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    Shell terminal() {
        terminal = Console.Terminal.YES;
        return this;
    }

    Shell outputFailingWith(String reason) {
        failure = reason;
        return this;
    }

    /** All that follows is told in JSON. */
    Shell json() {
        output = "json";
        return this;
    }

    String run(String... words) {
        Run run = new Run();
        return run.text(new Kvctl(run.console).run(words));
    }

    /** A command that is not the one kvctl has under its name, with its parameters. */
    String run(Command command, String... parameters) {
        Run run = new Run();
        ExitCode exitCode;
        try {
            exitCode = command.run(invocation(run.console, command, parameters));
        } catch (Failure e) {
            e.print(Settings.Output.SIMPLE, run.console);
            exitCode = e.exitCode();
        }
        return run.text(exitCode);
    }

    /** A command about to run, what it prints unseen. */
    Invocation invocation(Command command) {
        return invocation(new Run().console, command);
    }

    private Invocation invocation(Console console, Command command, String... parameters) {
        Arguments arguments = new Arguments(command);
        arguments.addOption("--output", output);
        List.of(parameters).forEach(arguments::addParameter);
        Settings settings = Settings.of(arguments, console);
        return new Invocation(arguments, settings, console, Invocation.StandardInput.VALUES);
    }

    /** What surrounds one run. */
    private final class Run {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void write(byte[] bytes) throws IOException {
                if (!failure.isEmpty()) {
                    throw new IOException(failure);
                }
                super.write(bytes);
            }
        };
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final Console console =
                new Console(new ByteArrayInputStream(input), out, err, environment, terminal);

        private String text(ExitCode exitCode) {
            return out.toString(StandardCharsets.UTF_8)
                    + err.toString(StandardCharsets.UTF_8)
                    + "["
                    + exitCode.number()
                    + "]";
        }
    }
}
