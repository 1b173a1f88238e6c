package io.kvd.server.runtime;

import io.kvd.server.runtime.config.ConfigSources;
import io.kvd.server.runtime.config.ConfigSources.Assignment;
import io.kvd.server.runtime.config.ConfigSources.ShortFormTexts;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The options that make a configuration; the same for {@code start} and {@code config}. Filled by picocli. */
final class ConfigOptions {
    private static final String INSECURE = "--insecure-listen";
    private static final String DATA_DIR = "--data-dir";

    // Lists, since an option that was not given is then an empty one.

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file (HOCON); given several times, later ones win.")
    private final List<Path> files = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description =
                    "Sets one key, over files and environment; `kvd config reference` lists all.")
    private final List<String> assignments = new ArrayList<>();

    @Option(names = DATA_DIR, paramLabel = "DIR", description = "Sets node.data-dir.")
    private final List<String> dataDir = new ArrayList<>();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "Short form of a cluster: this node's address, host:port or :port.")
    private final List<String> listen = new ArrayList<>();

    @Option(
            names = "--backend",
            paramLabel = "ADDRESS",
            split = ",",
            description =
                    "Short form of a cluster: the other members' addresses, divided by commas.")
    private final List<String> backends = new ArrayList<>();

    @Option(
            names = INSECURE,
            description =
                    "Serve beyond this machine although nothing is encrypted and no one is asked who they are.")
    private boolean insecure;

    boolean namesDataDir() {
        return !dataDir.isEmpty();
    }

    ConfigSources sources(Map<String, String> environment) {
        if (!listen.isEmpty() && !files.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--listen and --config are both given",
                    "each of them says who the members are",
                    "--config FILE --set listen.address=ADDRESS");
        }
        atMostOnce("--listen", listen);
        atMostOnce(DATA_DIR, dataDir);
        ConfigSources sources = ConfigSources.none()
                .withEnvironment(environment)
                .withShortForm(new ShortFormTexts(listen, backends));
        for (Path file : files) {
            sources = sources.withFile(file);
        }
        for (String assignment : assignments) {
            sources = sources.with(parse(assignment));
        }
        for (String directory : dataDir) {
            sources = sources.with(new Assignment(DATA_DIR, "node.data-dir", directory));
        }
        return insecure
                ? sources.with(new Assignment(INSECURE, "listen.insecure", "allow"))
                : sources;
    }

    private static Assignment parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--set " + text + " sets nothing",
                    "wanted: path=value",
                    "--set node.name=n1");
        }
        return new Assignment(
                "--set",
                text.substring(0, equals).strip(),
                text.substring(equals + 1).strip());
    }

    private static void atMostOnce(String option, List<String> values) {
        if (values.size() > 1) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    option + " is given " + values.size() + " times",
                    "it has one value",
                    option + " " + values.get(values.size() - 1));
        }
    }
}
