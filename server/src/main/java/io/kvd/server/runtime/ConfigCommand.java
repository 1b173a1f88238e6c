package io.kvd.server.runtime;

import io.kvd.server.runtime.config.ConfigLoader;
import io.kvd.server.runtime.config.ConfigReference;
import io.kvd.server.runtime.config.LoadedConfig;
import io.kvd.server.runtime.config.LoadedConfig.EffectiveValue;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;

/** {@code kvd config}: looks at a configuration without starting anything. */
@Command(
        name = "config",
        description =
                "Checks, shows and explains configurations; takes the options of `kvd start`.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvd config check --config conf/cluster/n1.conf",
            "  kvd config show --set raft.heartbeat='50 ms'",
            "  kvd config reference"
        })
final class ConfigCommand {
    private final ProcessContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigCommand(ProcessContext context) {
        this.context = context;
    }

    @Command(
            name = "check",
            description =
                    "Says whether `kvd start` with the same options would accept its configuration.",
            footerHeading = "%nExample:%n",
            footer = "  kvd config check --config conf/node.conf")
    int check(@Mixin ConfigOptions options) {
        LoadedConfig loaded = load(options);
        out().printf(
                        "ok  node %s (id %d) of %d, %s%n",
                        loaded.config().node().name(),
                        loaded.config().node().id(),
                        loaded.config().cluster().peers().size(),
                        loaded.config().listen().address());
        return ExitCode.OK.number();
    }

    @Command(
            name = "show",
            description = "Prints every key with the value that counts and who set it.",
            footerHeading = "%nExample:%n",
            footer = "  kvd config show --config conf/node.conf --set log.level=debug")
    int show(@Mixin ConfigOptions options) {
        LoadedConfig loaded = load(options);
        int pathWidth = widest(loaded, EffectiveValue::path);
        int valueWidth = widest(loaded, EffectiveValue::value);
        String format = "%-" + pathWidth + "s  %-" + valueWidth + "s  %s%n";
        out().printf(format, "KEY", "VALUE", "FROM");
        for (EffectiveValue value : loaded.values()) {
            out().printf(format, value.path(), value.value(), value.origin());
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "reference",
            description =
                    "Prints all keys with type, range, default and meaning, as Markdown (docs/config.md).",
            footerHeading = "%nExample:%n",
            footer = "  kvd config reference | less")
    int reference() {
        out().print(ConfigReference.markdown());
        out().flush();
        return ExitCode.OK.number();
    }

    private LoadedConfig load(ConfigOptions options) {
        LoadedConfig loaded = ConfigLoader.load(options.sources(context.environment()));
        PrintWriter err = spec.commandLine().getErr();
        loaded.warnings().forEach(warning -> err.println("warning: " + warning));
        return loaded;
    }

    private static int widest(
            LoadedConfig loaded, java.util.function.Function<EffectiveValue, String> column) {
        return loaded.values().stream()
                .map(column)
                .mapToInt(String::length)
                .max()
                .orElse(1);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
