package io.kvd.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A command line that was understood. Options go by their last name, without regard to where they stood. */
final class Arguments {
    private final Command command;
    private final Map<String, String> options = new TreeMap<>();
    private final List<String> parameters = new ArrayList<>();

    Arguments(Command command) {
        this.command = command;
    }

    void addOption(String name, String value) {
        options.put(name, value);
    }

    void addParameter(String value) {
        parameters.add(value);
    }

    Command command() {
        return command;
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    /** The option's value; empty if it is not there. */
    String option(String name) {
        return options.getOrDefault(name, "");
    }

    int parameterCount() {
        return parameters.size();
    }

    /** The parameter at the place; empty if it is not there. */
    String parameter(int index) {
        return index < parameters.size() ? parameters.get(index) : "";
    }
}
