package io.kvd.cli;

import io.kvd.cli.PicocliParser.Parsed;

import picocli.CommandLine.Help.Ansi;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The program kvctl: from the words of a command line to an exit code. */
final class Kvctl {
    private final Console console;

    /** What failures are told in; known once the command line is understood. */
    private Settings.Output output = Settings.Output.SIMPLE;

    Kvctl(Console console) {
        this.console = console;
    }

    ExitCode run(String... words) {
        try {
            ExitCode exitCode = runOrExplain(List.of(words));
            console.flush();
            return exitCode;
        } catch (UncheckedIOException e) {
            String message = String.valueOf(e.getCause());
            if (!message.contains("Broken pipe")) {
                console.printError("kvctl: can't write the output: " + message + "\n");
            }
            // Whoever closed the pipe has seen enough, as head does.
            return ExitCode.ERROR;
        }
    }

    private ExitCode runOrExplain(List<String> line) {
        try {
            Optional<Arguments> quick = QuickParser.parse(line);
            return quick.isPresent() ? run(quick.get()) : runSlow(line);
        } catch (Failure e) {
            e.print(output, console);
            return e.exitCode();
        }
    }

    private ExitCode run(Arguments arguments) {
        if (arguments.option("--output").equals("json")) {
            output = Settings.Output.JSON;
        }
        Settings settings = Settings.of(arguments, console);
        return arguments
                .command()
                .run(new Invocation(arguments, settings, console, Invocation.StandardInput.VALUES));
    }

    private ExitCode runSlow(List<String> line) {
        boolean coloured =
                console.isTerminal() && console.environment("NO_COLOR").isEmpty();
        Parsed parsed = PicocliParser.parse(line, coloured ? Ansi.ON : Ansi.OFF);
        if (parsed instanceof Parsed.Line understood) {
            return run(understood.arguments());
        }
        if (parsed instanceof Parsed.Help help) {
            if (help.exitCode() == ExitCode.OK) {
                console.print(help.text());
            } else {
                console.printError(help.text());
            }
            return help.exitCode();
        }
        throw new AssertionError("unhandled " + parsed);
    }
}
