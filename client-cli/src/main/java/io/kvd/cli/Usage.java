package io.kvd.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command takes, in words. Command lines are read by it ({@link QuickParser}); help, completion and the
 * explanation of wrong ones are made from it ({@link PicocliParser}). All values are text; commands parse what they use.
 */
final class Usage {

    enum Need {
        REQUIRED,
        OPTIONAL
    }

    /** A word by its place. */
    record Parameter(String label, String description, Need need) {}

    /**
     * A word that begins with a hyphen.
     *
     * @param names the last one is what the program calls it
     * @param label of the value it takes; empty for a flag
     */
    record Option(List<String> names, String label, String description, Need need) {
        static Option value(String label, String description, String... names) {
            return new Option(List.of(names), label, description, Need.OPTIONAL);
        }

        static Option requiredValue(String label, String description, String... names) {
            return new Option(List.of(names), label, description, Need.REQUIRED);
        }

        static Option flag(String description, String... names) {
            return new Option(List.of(names), "", description, Need.OPTIONAL);
        }

        boolean isFlag() {
            return label.isEmpty();
        }

        String name() {
            return names.get(names.size() - 1);
        }
    }

    /** The options that every command takes, before or after its name. */
    static final List<Option> GLOBAL_OPTIONS = List.of(
            Option.value(
                    "ADDRESSES",
                    "Nodes to talk to: host:port, comma-separated. Default: $KVCTL_ENDPOINTS, else 127.0.0.1:7400.",
                    "-e",
                    "--endpoints"),
            Option.value(
                    "FORM",
                    "Form of the output: simple (default), table or json.",
                    "-o",
                    "--output"),
            Option.value(
                    "DURATION",
                    "Time to wait for an answer: 500ms, 5s, 1m. Default: 5s.",
                    "--timeout"),
            Option.value(
                    "LEVEL",
                    "What reads may show: linearizable (default), stale, at-least=REVISION or bounded=DURATION.",
                    "--consistency"),
            Option.value(
                    "WHEN",
                    "Colour the output: auto (default; not if NO_COLOR is set), always or never.",
                    "--color"),
            Option.flag(
                    "Keys and values are hexadecimal, in the arguments and the output.", "--hex"),
            Option.flag("Keys and values are base64, in the arguments and the output.", "--base64"),
            Option.flag("Print nothing but what was asked for.", "-q", "--quiet"),
            Option.flag(
                    "Say on standard error who answered, and after how long.", "-v", "--verbose"));

    private final String name;
    private final String header;
    private final List<String> aliases = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Option> options = new ArrayList<>();
    private String description = "";
    private List<String> examples = List.of();

    /** Describes a command by its name and in one line. */
    Usage(String name, String header) {
        this.name = name;
        this.header = header;
    }

    Usage alias(String alias) {
        aliases.add(alias);
        return this;
    }

    Usage description(String text) {
        description = text;
        return this;
    }

    /** Required ones come before optional ones. */
    Usage parameter(String label, String text, Need need) {
        parameters.add(new Parameter(label, text, need));
        return this;
    }

    Usage option(Option option) {
        options.add(option);
        return this;
    }

    /** What a user may type, a line each. */
    Usage examples(String... lines) {
        examples = List.of(lines);
        return this;
    }

    String name() {
        return name;
    }

    String header() {
        return header;
    }

    List<String> aliases() {
        return aliases;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    List<Option> options() {
        return options;
    }

    String description() {
        return description;
    }

    List<String> examples() {
        return examples;
    }
}
