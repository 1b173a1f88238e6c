package io.kvd.bench;

import io.kvd.bench.load.LoadCommand;
import io.kvd.bench.scale.MemoryCommand;
import io.kvd.bench.scale.RestartCommand;
import io.kvd.bench.torture.KillLoopCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code kvbench}: measures and torments clusters of real processes. */
@Command(
        name = "kvbench",
        mixinStandardHelpOptions = true,
        description = "Measures kvd, and kills it under load to see what is left.",
        subcommands = {
            LoadCommand.class,
            RestartCommand.class,
            MemoryCommand.class,
            KillLoopCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
