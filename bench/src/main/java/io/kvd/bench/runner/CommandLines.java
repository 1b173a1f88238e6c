package io.kvd.bench.runner;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.util.function.Supplier;

/** What is wrong with a command line is said as picocli says it. */
final class CommandLines {
    private CommandLines() {}

    /** @throws ParameterException for an argument that the supplier calls illegal */
    static <T> T parse(CommandSpec spec, Supplier<T> supplier) {
        try {
            return supplier.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
