package io.kvd.server.runtime;

import io.kvd.server.runtime.config.ConfigLoader;
import io.kvd.server.runtime.config.ConfigSources;
import io.kvd.server.runtime.config.ConfigSources.Assignment;
import io.kvd.server.runtime.config.HostPort;
import io.kvd.server.runtime.config.LoadedConfig;
import io.kvd.server.runtime.config.ServerConfig;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code kvd start}: runs a node until it is told to stop. */
@Command(
        name = "start",
        description = {
            "Runs a node until SIGINT or SIGTERM. The same command line starts it for the first time and restarts it.",
            "Without options: a cluster of one, n1, on 127.0.0.1:7400, with its data in ./data/n1."
        },
        customSynopsis = {
            "kvd start [--config FILE]... [--set PATH=VALUE]... [--data-dir DIR | --dev]",
            "       kvd start --listen ADDRESS [--backend ADDRESS,...] [--set PATH=VALUE]..."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvd start",
            "  kvd start --config conf/cluster/n1.conf",
            "  kvd start --config conf/node.conf --set storage.memory='1 GiB'",
            "  kvd start --listen :8080 --backend :8081,:8082     one of three on this machine, data in ./data/8080",
            "  kvd start --dev                                    data in a temporary directory, deleted at the end"
        })
final class StartCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(StartCommand.class);
    /** For the nodes of a demo. */
    static final String STOP_AT_END_OF_INPUT = "--stop-at-end-of-input";

    private static final String USUAL_ADDRESS = "127.0.0.1:7400";

    private final ProcessContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--dev",
            description = "Keep the data in a temporary directory and delete it at the end.")
    private boolean dev;

    @Option(
            names = STOP_AT_END_OF_INPUT,
            hidden = true,
            description = "Stop when the standard input ends.")
    private boolean stopAtEndOfInput;

    StartCommand(ProcessContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigSources sources = options.sources(context.environment());
        if (!dev) {
            return serve(sources);
        }
        if (options.namesDataDir()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--dev and --data-dir are both given",
                    "--dev deletes its data",
                    "one of them");
        }
        try (TempDirectory directory = new TempDirectory("kvd-dev-")) {
            return serve(sources.with(
                    new Assignment("--dev", "node.data-dir", directory.path().toString())));
        }
    }

    private int serve(ConfigSources sources) throws InterruptedException {
        LoadedConfig loaded = ConfigLoader.load(sources);
        ServerConfig config = loaded.config();
        Logging.apply(config.log());
        log.info(
                "starting node={} id={} members={} listen={} dataDir={} version={} pid={}",
                config.node().name(),
                config.node().id(),
                config.cluster().peers().size(),
                config.listen().address(),
                config.node().dataDir(),
                VersionCommand.version(),
                ProcessHandle.current().pid());
        loaded.warnings().forEach(log::warn);
        try (RunningServer server = context.servers().start(config, context.halt())) {
            StopOnSignal stop =
                    new StopOnSignal(server::requestStop, context.halt(), StopOnSignal.BOUND);
            context.signals().handle(stop::signalled);
            if (stopAtEndOfInput) {
                Threads.daemon("input", () -> awaitEndOfInput(server)).start();
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println(readyLine(config));
            out.flush();
            server.awaitEnd();
        }
        return ExitCode.OK.number();
    }

    /** What a person reads first. */
    static String readyLine(ServerConfig config) {
        HostPort address = config.self().address();
        String endpoint = address.toString().equals(USUAL_ADDRESS) ? "" : " -e " + address;
        return "kvd %s serves on %s (data %s); try: bin/kvctl%s put hello world"
                .formatted(
                        config.node().name(),
                        config.listen().address(),
                        config.node().dataDir(),
                        endpoint);
    }

    /** A demo's node ends with the demo, however that one ends. */
    private static void awaitEndOfInput(RunningServer server) {
        try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            log.warn("reading the standard input: {}", e.toString());
        }
        server.requestStop();
    }
}
