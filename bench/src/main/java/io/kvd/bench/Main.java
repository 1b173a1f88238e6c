package io.kvd.bench;

import io.kvd.bench.micro.JmhCommand;
import io.kvd.bench.profile.HotCommand;
import io.kvd.bench.runner.CatchUpCommand;
import io.kvd.bench.runner.CompareCommand;
import io.kvd.bench.runner.LocalCommand;
import io.kvd.bench.scale.GroupsCommand;
import io.kvd.bench.scale.MemoryCommand;
import io.kvd.bench.scale.RestartCommand;
import io.kvd.bench.torture.KillLoopCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code kvbench}: measures and torments clusters of real processes, and measures parts of them. */
@Command(
        name = "kvbench",
        mixinStandardHelpOptions = true,
        description = "Measures kvd, and kills it under load to see what is left.",
        subcommands = {
            LocalCommand.class,
            CompareCommand.class,
            CatchUpCommand.class,
            RestartCommand.class,
            MemoryCommand.class,
            GroupsCommand.class,
            KillLoopCommand.class,
            HotCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // JMH's options are not ours to know.
        CommandLine jmh =
                new CommandLine(new JmhCommand()).setUnmatchedOptionsArePositionalParams(true);
        System.exit(new CommandLine(new Main())
                .addSubcommand(jmh)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
