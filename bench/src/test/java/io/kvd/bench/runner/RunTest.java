package io.kvd.bench.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.kvd.bench.local.LocalServers;
import io.kvd.bench.local.Peers;
import io.kvd.bench.local.ServerJvm;
import io.kvd.bench.profile.HotCommand;
import io.kvd.bench.target.TargetAddress.Kind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Short runs against real servers, of kvd and of the peers that are installed; what they measure means nothing, but all
 * of it has to be there.
 */
@Tag("slow")
class RunTest {
    private static final int USAGE = 2;
    private static final List<String> SHORT = List.of(
            "--keys=500",
            "--in-flight=8",
            "--warmup-seconds=1",
            "--iterations=1",
            "--seconds=1",
            "--seed=1");

    @TempDir
    private Path directory;

    @Test
    void aFollowerThatComesBackCatchesUpUnderLoadToTheSameState() throws Exception {
        StringWriter output = new StringWriter();

        int exitCode = execute(
                new CatchUpCommand(),
                output,
                List.of(
                        "--keys=5000",
                        "--value-bytes=100",
                        "--rate=100",
                        "--warmup-seconds=1",
                        "--seconds=1",
                        "--seed=1"));

        assertThat(output.toString()).contains("failed puts: 0; states: equal");
        assertThat(exitCode).isZero();
    }

    @Test
    void localRunMeasuresKvdAndThePeersThatAreInstalledInTurnAndStopsThem() throws Exception {
        List<String> arguments = new ArrayList<>(SHORT);
        arguments.addAll(
                List.of("--nodes=1", "--peers=etcd,redis", "--rounds=2", "--workloads=put,ycsb-e"));
        List<Kind> installed = installed();

        String output = run(new LocalCommand(), arguments);

        List<String> turns = output.lines()
                .filter(line -> line.startsWith("# Round"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .toList();
        List<String> round = new ArrayList<>(List.of("kvd"));
        installed.forEach(kind -> round.add(kind.toString()));
        List<String> twice = new ArrayList<>(round);
        twice.addAll(round);
        assertThat(turns).isEqualTo(twice);
        for (Kind kind : List.of(Kind.ETCD, Kind.REDIS)) {
            assertThat(output.contains(kind + " left out: " + Peers.howToInstall(kind)))
                    .isEqualTo(!installed.contains(kind));
        }
        // Redis has no order of keys, so that it scans nothing.
        int scanning = installed.contains(Kind.ETCD) ? 2 : 1;
        assertComplete(2 * (turns.size() / 2 + scanning));
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void runningServersAreComparedAndTheirProcessesFound() throws Exception {
        List<LocalServers> servers = new ArrayList<>();
        servers.add(Peers.kvd(1, directory, ServerJvm.FAST_START));
        Peers.program(Kind.ETCD)
                .ifPresent(program -> servers.add(Peers.etcd(1, directory, program)));
        Peers.program(Kind.REDIS)
                .ifPresent(program -> servers.add(Peers.redis(directory, program)));
        try {
            servers.forEach(LocalServers::startAnew);
            List<String> arguments = new ArrayList<>(SHORT);
            arguments.addAll(List.of("--rounds=1", "--workloads=ycsb-f,ycsb-c"));
            arguments.add("--targets="
                    + String.join(
                            ",",
                            servers.stream().map(s -> s.address().toString()).toList()));

            String output = run(new CompareCommand(), arguments);

            // What only reads comes first, whatever the order on the command line.
            assertThat(output.indexOf("kvd: ycsb-c")).isBetween(0, output.indexOf("kvd: ycsb-f"));
            assertComplete(2 * servers.size());
        } finally {
            servers.forEach(LocalServers::stop);
        }
    }

    @Test
    void openLoopStartsAsManyRequestsAsItsRateSays() throws Exception {
        List<String> arguments = new ArrayList<>(SHORT);
        arguments.remove("--in-flight=8");
        arguments.addAll(List.of("--nodes=1", "--rounds=1", "--workloads=get", "--rate=200"));

        run(new LocalCommand(), arguments);

        // Of the measured second; and those that were under way when it began.
        assertThat(numbers("operations").get(0).longValue()).isGreaterThanOrEqualTo(199);
        assertComplete(1);
    }

    @Test
    void profiledRunTellsWhereTheServersTimeWent() throws Exception {
        List<String> arguments = new ArrayList<>(SHORT);
        arguments.addAll(List.of(
                "--nodes=1",
                "--rounds=1",
                "--workloads=put",
                "--seconds=3",
                "--profile=" + directory.resolve("put.jfr")));
        arguments.remove("--seconds=1");
        StringWriter hot = new StringWriter();

        run(new LocalCommand(), arguments);

        assertThat(execute(
                        new HotCommand(),
                        hot,
                        List.of(directory.resolve("put-n1.jfr").toString())))
                .isZero();
        assertThat(hot.toString())
                .contains("raft, running in")
                .contains("apply, running in")
                .contains("net, running in")
                .containsPattern("apply +[0-9]+[.][0-9]{2} ")
                .containsPattern("[0-9.]+ %  io[.]kvd[.](core|server)[.]");
    }

    @Test
    void whatCanNotBeRunIsRefused() {
        assertThat(refusal(new LocalCommand(), "--profile=put.jfr"))
                .contains("--profile records one step");
        assertThat(refusal(new LocalCommand(), "--peers=kvd")).contains("kvd is no peer");
        assertThat(refusal(new LocalCommand(), "--peers=mysql"))
                .contains("unknown target 'mysql': one of [kvd, etcd, redis]");
        assertThat(refusal(new LocalCommand(), "--in-flight=0")).contains("requests in flight: 0");
        assertThat(refusal(new CompareCommand(), "--targets=127.0.0.1:1")).contains("is no target");
    }

    /** Every measurement succeeded, has requests, and the resources of its servers where /proc tells them. */
    private void assertComplete(int measurements) throws IOException {
        assertThat(numbers("operations"))
                .hasSize(measurements)
                .allMatch(operations -> operations.longValue() > 0);
        assertThat(numbers("failures")).hasSize(measurements).containsOnly(0);
        assertThat(numbers("missing")).hasSize(measurements).containsOnly(0);
        if (Files.isReadable(Path.of("/proc/self/io"))) {
            assertThat(numbers("residentBytes"))
                    .hasSize(measurements)
                    .allMatch(bytes -> bytes.doubleValue() > 0);
        }
        assertThat(directory.resolve("report/report.html")).exists();
        assertThat(directory.resolve("report/results.md")).content().contains("| kvd, 1 node |");
    }

    /** All numbers of the report that stand under this name. */
    private List<Number> numbers(String name) throws IOException {
        List<Number> numbers = new ArrayList<>();
        try (JsonParser json = new JsonFactory()
                .createParser(directory.resolve("report/results.json").toFile())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isNumeric() && name.equals(json.currentName())) {
                    numbers.add(json.getNumberValue());
                }
            }
        }
        return numbers;
    }

    private static List<Kind> installed() {
        return List.of(Kind.ETCD, Kind.REDIS).stream()
                .filter(kind -> {
                    boolean here = Peers.program(kind).isPresent();
                    if (!here) {
                        System.out.println("not run with: " + Peers.howToInstall(kind));
                    }
                    return here;
                })
                .toList();
    }

    private String run(Object command, List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.add("--report=" + directory.resolve("report"));
        StringWriter output = new StringWriter();
        assertThat(execute(command, output, all)).as("%s", output).isZero();
        return output.toString();
    }

    private static String refusal(Object command, String argument) {
        StringWriter output = new StringWriter();
        assertThat(execute(command, output, List.of(argument))).isEqualTo(USAGE);
        return output.toString();
    }

    private static int execute(Object command, StringWriter output, List<String> arguments) {
        PrintWriter writer = new PrintWriter(output);
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(writer)
                .setErr(writer)
                .execute(arguments.toArray(String[]::new));
    }
}
