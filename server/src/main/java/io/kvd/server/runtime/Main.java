package io.kvd.server.runtime;

import io.kvd.server.runtime.config.ConfigRefused;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.security.Security;
import java.util.List;
import java.util.stream.Collectors;

/** The program {@code kvd}. Every error is one line what, one line why, one line what to try; then an exit code. */
@Command(
        name = "kvd",
        description = "A durable, replicated key-value database.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes:%n",
        commandListHeading = "%nCommands:%n")
public final class Main {
    private static final int USAGE_WIDTH = 110;

    private Main() {}

    /** A member that moved under its name is found within a second; the JVM would keep its old address for 30 s. */
    private static final String LOOK_UP_KEPT_S = "1";

    public static void main(String[] arguments) {
        Security.setProperty("networkaddress.cache.ttl", LOOK_UP_KEPT_S);
        Security.setProperty("networkaddress.cache.negative.ttl", LOOK_UP_KEPT_S);
        if (UdpReplicaCommand.isAsked(arguments)) {
            System.exit(commandLine(new UdpReplicaCommand()).execute(arguments));
        }
        ProcessContext context = new ProcessContext(
                System.getenv(), Server::start, Halt.ofProcess(), Signals::handle);
        int exitCode = commandLine(context).execute(arguments);
        Logging.flush();
        System.exit(exitCode);
    }

    /** The whole command line, ready to execute. */
    static CommandLine commandLine(ProcessContext context) {
        return commandLine(
                new StartCommand(context),
                new DemoCommand(context),
                new ConfigCommand(context),
                new VerifyCommand(),
                new SimulateCommand(),
                new CheckHistoryCommand(),
                new UdpReplicaCommand(),
                new VersionCommand());
    }

    private static CommandLine commandLine(Object... commands) {
        CommandLine kvd = new CommandLine(new Main());
        List.of(commands).forEach(kvd::addSubcommand);
        CommandSpec spec = kvd.getCommandSpec();
        spec.usageMessage().footer(exitCodes());
        kvd.getSubcommands().values().forEach(Main::addHelp);
        kvd.setUsageHelpWidth(USAGE_WIDTH);
        kvd.setParameterExceptionHandler(Main::wrongUsage);
        kvd.setExecutionExceptionHandler(Main::failed);
        return kvd;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build());
        command.getSubcommands().values().forEach(Main::addHelp);
    }

    private static String[] exitCodes() {
        return List.of(ExitCode.values()).stream()
                .map(code -> "  %2d  %s".formatted(code.number(), code.meaning()))
                .toArray(String[]::new);
    }

    private static int wrongUsage(ParameterException refused, String[] arguments) {
        CommandLine command = refused.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String nearest = refused instanceof UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions().stream()
                        .map(word -> (word.startsWith("-") ? word : name + " " + word) + ", ")
                        .collect(Collectors.joining())
                : "";
        print(
                command.getErr(),
                firstLine(refused),
                "the command line is not one that " + name + " takes",
                nearest + name + " --help");
        return ExitCode.USAGE.number();
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigRefused refused) {
            print(err, refused.what(), refused.why(), refused.remedy());
            return ExitCode.USAGE.number();
        }
        if (failure instanceof CommandFailed failed) {
            print(err, failed.what(), failed.why(), failed.remedy());
            return failed.exitCode().number();
        }
        ExitCode code = ExitCode.of(failure);
        print(err, firstLine(failure), code.meaning(), code.remedy());
        if (code == ExitCode.ERROR || code == ExitCode.INVARIANT_BROKEN) {
            failure.printStackTrace(err);
        }
        return code.number();
    }

    private static void print(PrintWriter err, String what, String why, String remedy) {
        err.println("kvd: " + what);
        err.println("  why: " + why);
        err.println("  try: " + remedy);
        err.flush();
    }

    private static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse(failure.toString());
    }
}
