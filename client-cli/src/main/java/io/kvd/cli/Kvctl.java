package io.kvd.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.Optional;

/** The program kvctl: from the words of a command line to an exit code. */
final class Kvctl {
    private final Console console;

    Kvctl(Console console) {
        this.console = console;
    }

    ExitCode run(String... words) {
        Settings.Output output = Settings.Output.SIMPLE;
        try {
            ParseResult root = parse(words);
            ParseResult sub = root.subcommand();
            if (sub == null || root.isUsageHelpRequested() || sub.isUsageHelpRequested()) {
                return help(sub == null ? root : sub);
            }
            output = wantsJson(root, sub);
            Settings settings = Settings.of(root, sub, console);
            Command command = Commands.find(sub.commandSpec().name()).orElseThrow();
            return command.run(
                    new Invocation(sub, settings, console, Invocation.StandardInput.VALUES));
        } catch (Failure e) {
            e.print(output, console);
            return e.exitCode();
        } finally {
            console.flush();
        }
    }

    /** Only the command that seems to be meant is described; all of them if that does not work out. */
    private ParseResult parse(String... words) {
        CommandSpec quick = rootSpec();
        for (String word : words) {
            Optional<Command> command = Commands.find(word);
            if (command.isPresent()) {
                addCommand(quick, command.get());
                break;
            }
        }
        try {
            return commandLine(quick).parseArgs(words);
        } catch (ParameterException e) {
            return parseWithAll(words);
        }
    }

    private ParseResult parseWithAll(String... words) {
        try {
            return commandLine(fullSpec()).parseArgs(words);
        } catch (ParameterException e) {
            throw usageFailure(e);
        }
    }

    static Failure usageFailure(ParameterException e) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
        text.setCharAt(0, Character.toLowerCase(text.charAt(0)));
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            text.append("; did you mean ")
                    .append(unmatched.getSuggestions().get(0))
                    .append('?');
        }
        return Failure.usage(text.toString(), name + " --help");
    }

    private ExitCode help(ParseResult parsed) {
        boolean asked = parsed.isUsageHelpRequested();
        boolean isRoot = parsed.commandSpec().parent() == null;
        CommandSpec spec = isRoot ? fullSpec() : parsed.commandSpec();
        Ansi ansi = console.isTerminal() && console.environment("NO_COLOR").isEmpty()
                ? Ansi.ON
                : Ansi.OFF;
        String text = spec.commandLine().getUsageMessage(ansi);
        if (asked) {
            console.print(text);
            return ExitCode.OK;
        }
        console.printError(text);
        return ExitCode.USAGE;
    }

    private static Settings.Output wantsJson(ParseResult root, ParseResult sub) {
        boolean json = root.matchedOptionValue("--output", "").equals("json")
                || sub.matchedOptionValue("--output", "").equals("json");
        return json ? Settings.Output.JSON : Settings.Output.SIMPLE;
    }

    /** Every command, for the help, the completion and for telling what was mistyped. */
    static CommandSpec fullSpec() {
        CommandSpec root = rootSpec();
        for (String name : Commands.NAMES) {
            addCommand(root, Commands.find(name).orElseThrow());
        }
        commandLine(root);
        return root;
    }

    private static CommandSpec rootSpec() {
        CommandSpec root = Specs.command(
                "kvctl",
                "Talks to a kvd cluster.",
                "kvctl put hello world",
                "kvctl get hello",
                "kvctl status -o table",
                "kvctl -e n1:7400,n2:7400 ls user/");
        Specs.addGlobalOptions(root);
        return root;
    }

    private static void addCommand(CommandSpec root, Command command) {
        CommandSpec spec = command.spec();
        Specs.addGlobalOptions(spec);
        root.addSubcommand(spec.name(), spec);
    }

    static CommandLine commandLine(CommandSpec spec) {
        // "@file" as a value is ours, not a file of arguments.
        return new CommandLine(spec).setExpandAtFiles(false).setUsageHelpAutoWidth(false);
    }
}
