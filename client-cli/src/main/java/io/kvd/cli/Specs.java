package io.kvd.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Describes commands to picocli, without annotations: reading those would cost a third of a short command's time. All
 * values are text; the commands parse what they use.
 */
final class Specs {
    private Specs() {}

    /** @param examples what a user may type, a line each */
    static CommandSpec command(String name, String header, String... examples) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage()
                .header(header)
                .synopsisHeading("%nUsage: ")
                .parameterListHeading("%nParameters:%n")
                .optionListHeading("%nOptions:%n")
                .footerHeading("%nExamples:%n")
                .footer(indent(examples));
        return spec;
    }

    /** The option {@code --help} and those that every command takes. */
    static void addGlobalOptions(CommandSpec spec) {
        spec.addOption(value(
                "ADDRESSES",
                "Nodes to talk to: host:port, comma-separated. Default:"
                        + " $KVCTL_ENDPOINTS, else 127.0.0.1:7400.",
                "-e",
                "--endpoints"));
        spec.addOption(
                value("FORM", "Form of the output: simple, table or json.", "-o", "--output"));
        spec.addOption(value(
                "DURATION",
                "Time to wait for an answer: 500ms, 5s, 1m. Default: 5s.",
                "--timeout"));
        spec.addOption(value(
                "LEVEL",
                "What reads may show: linearizable (default), stale, at-least=REVISION or"
                        + " bounded=DURATION.",
                "--consistency"));
        spec.addOption(value(
                "WHEN",
                "Colour the output: auto (default; not if NO_COLOR is set), always, never.",
                "--color"));
        spec.addOption(
                flag("Keys and values are hexadecimal, in the arguments and the output.", "--hex"));
        spec.addOption(
                flag("Keys and values are base64, in the arguments and the output.", "--base64"));
        spec.addOption(flag("Print nothing but what was asked for.", "-q", "--quiet"));
        spec.addOption(flag(
                "Say on standard error who was asked and how long it took.", "-v", "--verbose"));
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    }

    static OptionSpec value(String label, String description, String... names) {
        return OptionSpec.builder(names[0], names)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    static OptionSpec requiredValue(String label, String description, String name) {
        return OptionSpec.builder(name)
                .type(String.class)
                .required(true)
                .paramLabel(label)
                .description(description)
                .build();
    }

    static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names[0], names)
                .type(boolean.class)
                .description(description)
                .build();
    }

    static PositionalParamSpec required(int index, String label, String description) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .type(String.class)
                .arity("1")
                .required(true)
                .paramLabel(label)
                .description(description)
                .build();
    }

    static PositionalParamSpec optional(int index, String label, String description) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .type(String.class)
                .arity("0..1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    private static String[] indent(String[] lines) {
        String[] indented = new String[lines.length];
        for (int i = 0; i < lines.length; i++) {
            indented[i] = "  " + lines[i].replace("%", "%%");
        }
        return indented;
    }
}
