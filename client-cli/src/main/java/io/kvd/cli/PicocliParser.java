package io.kvd.cli;

import io.kvd.cli.Usage.Need;
import io.kvd.cli.Usage.Option;
import io.kvd.cli.Usage.Parameter;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.List;

/** What {@link QuickParser} leaves to picocli: odd forms, explanations of what is wrong, help, and completion. */
final class PicocliParser {
    private PicocliParser() {}

    /** What picocli made of a command line. */
    sealed interface Parsed {

        /** It is understood. */
        record Line(Arguments arguments) implements Parsed {}

        /** It asks for help, or for nothing, which is answered by help too. */
        record Help(String text, ExitCode exitCode) implements Parsed {}
    }

    /** Reads a whole command line. @throws Failure it is wrong */
    static Parsed parse(List<String> words, Ansi ansi) {
        ParseResult root = parse(commandLine(rootSpec()), words);
        ParseResult sub = root.subcommand();
        if (sub == null || root.isUsageHelpRequested() || sub.isUsageHelpRequested()) {
            ParseResult asked = sub == null ? root : sub;
            boolean wanted = root.isUsageHelpRequested() || asked.isUsageHelpRequested();
            String help = asked.commandSpec().commandLine().getUsageMessage(ansi);
            return new Parsed.Help(help, wanted ? ExitCode.OK : ExitCode.USAGE);
        }
        Arguments arguments =
                new Arguments(Commands.find(sub.commandSpec().name()).orElseThrow());
        take(root, arguments);
        take(sub, arguments);
        return new Parsed.Line(arguments);
    }

    /** Reads the words after a command's name, where global options are not allowed. @throws Failure they are wrong */
    static Arguments parseLine(Command command, List<String> words) {
        Arguments arguments = new Arguments(command);
        take(parse(commandLine(spec(command.usage(), List.of())), words), arguments);
        return arguments;
    }

    /** A script that completes command lines in bash and zsh. */
    static String completion() {
        return AutoComplete.bash("kvctl", commandLine(rootSpec()));
    }

    private static ParseResult parse(CommandLine commandLine, List<String> words) {
        try {
            return commandLine.parseArgs(words.toArray(new String[0]));
        } catch (ParameterException e) {
            throw explain(e);
        }
    }

    private static Failure explain(ParameterException e) {
        StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
        text.setCharAt(0, Character.toLowerCase(text.charAt(0)));
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            text.append("; did you mean ")
                    .append(unmatched.getSuggestions().get(0))
                    .append('?');
        }
        return Failure.usage(
                text.toString(), e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    }

    private static void take(ParseResult parsed, Arguments arguments) {
        for (OptionSpec option : parsed.matchedOptions()) {
            String value = option.typeInfo().isBoolean() ? "" : option.getValue();
            arguments.addOption(option.longestName(), value);
        }
        for (PositionalParamSpec parameter : parsed.matchedPositionals()) {
            arguments.addParameter(parameter.getValue());
        }
    }

    private static CommandSpec rootSpec() {
        Usage usage = new Usage("kvctl", "Talks to a kvd cluster.")
                .examples(
                        "kvctl put hello world",
                        "kvctl get hello",
                        "kvctl status",
                        "kvctl -e n1:7400,n2:7400 ls user/");
        CommandSpec root = spec(usage, Usage.GLOBAL_OPTIONS);
        for (String name : Commands.NAMES) {
            Usage sub = Commands.find(name).orElseThrow().usage();
            root.addSubcommand(name, spec(sub, Usage.GLOBAL_OPTIONS));
        }
        return root;
    }

    private static CommandSpec spec(Usage usage, List<Option> global) {
        CommandSpec spec = CommandSpec.create().name(usage.name());
        spec.aliases(usage.aliases().toArray(new String[0]));
        spec.usageMessage()
                .header(usage.header())
                .synopsisHeading("%nUsage: ")
                .parameterListHeading("%nParameters:%n")
                .optionListHeading("%nOptions:%n")
                .footerHeading("%nExamples:%n")
                .footer(footer(usage.examples()));
        if (!usage.description().isEmpty()) {
            spec.usageMessage().descriptionHeading("%n").description(escape(usage.description()));
        }
        for (int i = 0; i < usage.parameters().size(); i++) {
            spec.addPositional(spec(i, usage.parameters().get(i)));
        }
        for (Option option : usage.options()) {
            spec.addOption(spec(option));
        }
        for (Option option : global) {
            spec.addOption(spec(option));
        }
        return spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    }

    private static PositionalParamSpec spec(int index, Parameter parameter) {
        boolean required = parameter.need() == Need.REQUIRED;
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .type(String.class)
                .arity(required ? "1" : "0..1")
                .required(required)
                .paramLabel(parameter.label())
                .description(escape(parameter.description()))
                .build();
    }

    private static OptionSpec spec(Option option) {
        OptionSpec.Builder spec = OptionSpec.builder(option.names().toArray(new String[0]))
                .type(option.isFlag() ? boolean.class : String.class)
                .required(option.need() == Need.REQUIRED)
                .description(escape(option.description()));
        if (!option.isFlag()) {
            spec.paramLabel(option.label());
        }
        return spec.build();
    }

    private static CommandLine commandLine(CommandSpec spec) {
        // "@file" as a value is ours, not a file of arguments.
        return new CommandLine(spec).setExpandAtFiles(false);
    }

    private static String[] footer(List<String> examples) {
        String[] lines = new String[examples.size()];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "  " + escape(examples.get(i));
        }
        return lines;
    }

    private static String escape(String text) {
        return text.replace("%", "%%");
    }
}
