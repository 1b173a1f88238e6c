package io.kvd.cli;

import io.kvd.cli.Usage.Need;
import io.kvd.cli.Usage.Option;
import io.kvd.cli.Usage.Parameter;

import java.util.List;
import java.util.Optional;

/**
 * Understands command lines in the plain forms that nearly all have: {@code --option VALUE}, {@code --option=VALUE},
 * {@code -o VALUE}, flags, parameters, {@code --}. Whatever else a line holds (a mistake, a call for help, a form that
 * only picocli knows) is picocli's to judge, whose classes take longer to load than all the rest of a short command;
 * so what this accepts means the same to picocli, which a test checks.
 */
final class QuickParser {
    private final List<String> words;
    private int next;

    private QuickParser(List<String> words) {
        this.words = words;
    }

    /** Empty if picocli has to look at it. */
    static Optional<Arguments> parse(List<String> words) {
        return new QuickParser(words).parse();
    }

    /** The same for the words after a command's name, where global options are not allowed. */
    static Optional<Arguments> parseLine(Command command, List<String> words) {
        Arguments arguments = new Arguments(command);
        QuickParser parser = new QuickParser(words);
        return parser.takeRest(arguments, List.of()) ? Optional.of(arguments) : Optional.empty();
    }

    private Optional<Arguments> parse() {
        int name = 0;
        while (name < words.size() && words.get(name).startsWith("-")) {
            // Only to find the command's name: the options before it are taken below.
            Optional<Option> option = find(words.get(name), Usage.GLOBAL_OPTIONS, List.of());
            if (option.isEmpty()) {
                return Optional.empty();
            }
            name += option.get().isFlag() || words.get(name).indexOf('=') >= 0 ? 1 : 2;
        }
        Optional<Command> command =
                name < words.size() ? Commands.find(words.get(name)) : Optional.empty();
        if (command.isEmpty()) {
            return Optional.empty();
        }
        Arguments arguments = new Arguments(command.get());
        while (next < name) {
            if (!takeOption(arguments, Usage.GLOBAL_OPTIONS, List.of())) {
                return Optional.empty();
            }
        }
        next = name + 1;
        return takeRest(arguments, Usage.GLOBAL_OPTIONS)
                ? Optional.of(arguments)
                : Optional.empty();
    }

    private boolean takeRest(Arguments arguments, List<Option> global) {
        Usage usage = arguments.command().usage();
        while (next < words.size()) {
            String word = words.get(next);
            if (word.equals("--")) {
                next++;
                while (next < words.size()) {
                    arguments.addParameter(words.get(next++));
                }
            } else if (word.startsWith("-") && word.length() > 1) {
                if (!takeOption(arguments, global, usage.options())) {
                    return false;
                }
            } else {
                arguments.addParameter(word);
                next++;
            }
        }
        return isComplete(arguments, usage);
    }

    private boolean takeOption(Arguments arguments, List<Option> global, List<Option> own) {
        String word = words.get(next++);
        Optional<Option> found = find(word, global, own);
        if (found.isEmpty() || arguments.has(found.get().name())) {
            return false;
        }
        Option option = found.get();
        int equals = word.indexOf('=');
        if (option.isFlag()) {
            arguments.addOption(option.name(), "");
            return equals < 0;
        }
        if (equals >= 0) {
            arguments.addOption(option.name(), word.substring(equals + 1));
            return true;
        }
        if (next == words.size()
                || words.get(next).startsWith("-")
                || Commands.find(words.get(next)).isPresent()) {
            // No value, or one that may be meant for something else.
            return false;
        }
        arguments.addOption(option.name(), words.get(next++));
        return true;
    }

    private static Optional<Option> find(String word, List<Option> global, List<Option> own) {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String name = equals < 0 ? word : word.substring(0, equals);
        for (Option option : global) {
            if (option.names().contains(name)) {
                return Optional.of(option);
            }
        }
        for (Option option : own) {
            if (option.names().contains(name)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    private static boolean isComplete(Arguments arguments, Usage usage) {
        int required = 0;
        for (Parameter parameter : usage.parameters()) {
            required += parameter.need() == Need.REQUIRED ? 1 : 0;
        }
        for (Option option : usage.options()) {
            if (option.need() == Need.REQUIRED && !arguments.has(option.name())) {
                return false;
            }
        }
        int count = arguments.parameterCount();
        return count >= required && count <= usage.parameters().size();
    }
}
