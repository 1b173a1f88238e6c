package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.server.runtime.config.ConfigReference;
import io.kvd.server.runtime.config.ServerConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<ServerConfig> started = new ArrayList<>();
    private final List<Consumer<String>> handlers = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | Missing required subcommand | kvd --help",
                "strat | Unmatched argument | kvd start",
                "start --lisen :1 | Unknown option | --listen",
                "start --config | Missing required parameter | kvd start --help",
                "start --set raft.hartbeat=1s | unknown key raft.hartbeat | raft.heartbeat",
                "start --set nonsense | sets nothing | --set node.name",
                "start --listen :1 --config x.conf | both given | --config",
                "start --listen :1 --listen :2 | given 2 times | --listen :2",
                "start --backend :1 | without --listen | kvd start --listen",
                "start --dev --data-dir d | both given | one of them",
                "start --set cluster.peers=n1=192.0.2.1:1 | refusing to listen | --insecure-listen",
                "config check --config no-such-file | no-such-file | kvd start",
                "demo --nodes 0 | --nodes 0 | --nodes 3",
                "demo --nodes x | nodes | kvd demo --help",
                "udp-replica 9000 0000 | Missing required parameter | kvd udp-replica --help",
                "udp-replica 0 0000 0001 | PORT 0 | kvd udp-replica 9000",
                "udp-replica 9000 0000 1 | id 1 | kvd udp-replica 9000",
                "udp-replica 9000 0000 FFFF | id FFFF | kvd udp-replica 9000",
                "udp-replica 9000 00ab 0001 00AB | id 00AB | kvd udp-replica 9000",
                "simulate | nothing to run | kvd simulate --seeds 100",
                "simulate --scenario none.json | none.json | --scenario all",
                "simulate --scenario pom.xml | expected a value | --scenario all",
                "simulate --scenario src | no .json file | --scenario all",
                "simulate --scenario x --seeds -1 | these seeds | --seeds 100",
                "simulate --scenario x --minutes 1 | these seeds | --seeds 100",
                "check-history | Missing required parameter | kvd check-history --help",
                "check-history --effort 0 f | --effort 0 | --effort 10",
                "demo --base-port 65530 | --base-port 65530 | --base-port 7400",
            })
    void wrongUsageEndsWithTwoAndThreeLines(String arguments, String what, String remedy) {
        assertThat(run(Map.of(), arguments.isEmpty() ? new String[0] : arguments.split(" ", -1)))
                .isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(started).isEmpty();
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("kvd: "),
                        line -> assertThat(line).startsWith("  why: "),
                        line -> assertThat(line).startsWith("  try: ").contains(remedy));
        assertThat(err.toString()).contains(what);
    }

    static List<Arguments> failures() {
        return List.of(
                Arguments.of(
                        new CommandFailed(ExitCode.ERROR, "can't listen", "in use", "another"),
                        1,
                        3),
                Arguments.of(
                        new StorageException(Kind.REFUSED, "locked by another process"), 10, 3),
                Arguments.of(new StorageException(Kind.OLDER_COPY, "node 2 has seen more"), 18, 3),
                Arguments.of(new StorageException(Kind.DAMAGE, "run 7 of group 1"), 11, 3),
                Arguments.of(new StorageException(Kind.IO, "fsync"), 12, 3),
                Arguments.of(new StorageException(Kind.NO_SPACE, "write"), 13, 3),
                Arguments.of(new InvariantViolation("two leaders"), 15, 10),
                Arguments.of(new IllegalStateException("surprise"), 1, 10));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatForbidsAStartDecidesTheExitCode(RuntimeException failure, int exitCode, int minLines) {
        ServerFactory refusing = (config, halt) -> {
            throw failure;
        };

        assertThat(run(refusing, Map.of(), "start")).isEqualTo(exitCode);

        assertThat(err.toString().lines().count()).isGreaterThanOrEqualTo(minLines);
        assertThat(err.toString()).startsWith("kvd: ").contains("  try: ");
    }

    @Test
    void startServesUntilASignalAndSaysSoInOneLine() {
        assertThat(run(Map.of("KVD_NODE_DATA_DIR", "d"), "start", "--set", "node.name=a"))
                .isZero();

        assertThat(out.toString())
                .isEqualTo(
                        "kvd a serves on 127.0.0.1:7400 (data d); try: bin/kvctl put hello world%n"
                                .formatted());
        assertThat(started)
                .singleElement()
                .satisfies(config -> assertThat(config.node().name()).isEqualTo("a"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void readyLineNamesTheEndpointIfItIsNotTheUsualOne() {
        run(Map.of(), "start", "--listen", ":8080", "--backend", ":8081,:8082");

        assertThat(out.toString())
                .contains(
                        "kvd n1 serves on 127.0.0.1:8080 (data ./data/8080); try: bin/kvctl -e 127.0.0.1:8080 put");
    }

    @Test
    void devKeepsItsDataOnlyAsLongAsItRuns() {
        assertThat(run(Map.of(), "start", "--dev")).isZero();

        Path dataDir = started.get(0).node().dataDir();
        assertThat(dataDir.getFileName().toString()).startsWith("kvd-dev-");
        assertThat(Files.exists(dataDir)).isFalse();
    }

    @Test
    void configCommandsLookWithoutStarting() {
        assertThat(run(Map.of(), "config", "check", "--listen", ":1", "--backend", ":2"))
                .isZero();
        assertThat(out.toString()).isEqualTo("ok  node n1 (id 1) of 2, 127.0.0.1:1%n".formatted());
        assertThat(err.toString()).startsWith("warning: 2 voting members");

        out.getBuffer().setLength(0);
        assertThat(run(Map.of("KVD_LOG_LEVEL", "warn"), "config", "show")).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("log\\.level +warn +KVD_LOG_LEVEL"))
                .anyMatch(line -> line.matches("node\\.name +n1 +default"));

        out.getBuffer().setLength(0);
        assertThat(run(Map.of(), "config", "reference")).isZero();
        assertThat(out).hasToString(ConfigReference.markdown());
        assertThat(started).isEmpty();
    }

    @Test
    void versionIsPrinted() {
        assertThat(run(Map.of(), "version")).isZero();
        assertThat(run(Map.of(), "--version")).isZero();

        assertThat(out.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.matches("kvd .+ \\(Java 1?\\d.*\\)"));
    }

    @Test
    void everyCommandHasHelpWithExamples() {
        CommandLine kvd = Main.commandLine(context((config, halt) -> new FakeServer(), Map.of()));

        assertThat(kvd.getUsageMessage())
                .contains("Exit codes:", "13  no space left on the device");
        assertHelpful(kvd.getSubcommands());
    }

    private static void assertHelpful(Map<String, CommandLine> commands) {
        for (CommandLine command : commands.values()) {
            String name = command.getCommandSpec().qualifiedName();
            assertThat(command.getUsageMessage()).contains("Example", "  " + name);
            assertThat(command.getCommandSpec().optionsMap()).containsKey("--help");
            assertHelpful(command.getSubcommands());
        }
    }

    private int run(Map<String, String> environment, String... arguments) {
        ServerFactory servers = (config, halt) -> {
            started.add(config);
            return new FakeServer();
        };
        return run(servers, environment, arguments);
    }

    private int run(ServerFactory servers, Map<String, String> environment, String... arguments) {
        return Main.commandLine(context(servers, environment))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private ProcessContext context(ServerFactory servers, Map<String, String> environment) {
        return new ProcessContext(
                environment, servers, new Halt(() -> {}, code -> {}), handlers::add);
    }

    /** Waits for the signal that the test's process would get, and gives it at once. */
    private final class FakeServer implements RunningServer {
        private int stops;

        @Override
        public void requestStop() {
            stops++;
        }

        @Override
        public void awaitEnd() {
            handlers.get(handlers.size() - 1).accept("SIGTERM");
            assertThat(stops).isEqualTo(1);
        }

        @Override
        public void close() {}
    }
}
