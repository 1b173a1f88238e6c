package io.kvd.bench.local;

import io.kvd.bench.local.Servers.Description;
import io.kvd.bench.target.TargetAddress;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * kvd and the stores that it is measured beside, as they run here: on loopback, and durable alike, which is that an
 * acknowledged put is fsynced on a quorum, or on the one node that there is.
 */
public final class Peers {
    private static final Pattern VERSION = Pattern.compile("[0-9]+[.][0-9]+[.][0-9]+");
    /** The most that etcd recommends. Its default of 2 GiB would end a long run, since it keeps every version. */
    private static final long ETCD_QUOTA_BYTES = 8L << 30;

    private Peers() {}

    /** The program of a peer, if it is on the PATH. */
    public static Optional<Path> program(TargetAddress.Kind kind) {
        String name = programName(kind);
        return Arrays.stream(Optional.ofNullable(System.getenv("PATH"))
                        .orElse("")
                        .split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What to do where {@link #program} is absent. */
    public static String howToInstall(TargetAddress.Kind kind) {
        return "%s is not on the PATH; Debian and Ubuntu: apt install %s-server"
                .formatted(programName(kind), kind);
    }

    /** @param parent where data goes */
    public static LocalServers kvd(int nodes, Path parent, ServerJvm jvm) {
        String version = Optional.ofNullable(Peers.class.getPackage().getImplementationVersion())
                .orElse("unreleased");
        return new LocalServers(
                new Description("kvd", version, nodes, "each put fsynced on a quorum"),
                TargetAddress.Kind.KVD,
                parent,
                directory -> new LocalCluster(nodes, directory, List.of(), jvm).nodes());
    }

    /** @param parent where data goes */
    public static LocalServers etcd(int nodes, Path parent, Path program) {
        return new LocalServers(
                new Description(
                        "etcd", version(program), nodes, "each put fsynced on a quorum (default)"),
                TargetAddress.Kind.ETCD,
                parent,
                directory -> etcdMembers(nodes, directory, program));
    }

    /** One node whatever the others have: what it replicates is not on a quorum before it is acknowledged. */
    public static LocalServers redis(Path parent, Path program) {
        return new LocalServers(
                new Description(
                        "redis",
                        version(program),
                        1,
                        "one node, not replicated; appendfsync always"),
                TargetAddress.Kind.REDIS,
                parent,
                directory -> {
                    int port = FreePorts.choose(1).get(0);
                    List<String> command = new ArrayList<>(List.of(program.toString()));
                    command.addAll(List.of("--port", Integer.toString(port)));
                    command.addAll(List.of("--bind", "127.0.0.1", "--protected-mode", "yes"));
                    command.addAll(List.of("--dir", directory.toString(), "--save", ""));
                    command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
                    return List.of(new ServerProcess(
                            "redis", "127.0.0.1:" + port, command, directory.resolve("redis.out")));
                });
    }

    private static List<ServerProcess> etcdMembers(int nodes, Path directory, Path program) {
        List<Integer> ports = FreePorts.choose(2 * nodes);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            members.add("n%d=http://127.0.0.1:%d".formatted(i + 1, ports.get(nodes + i)));
        }
        List<ServerProcess> processes = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            String name = "n" + (i + 1);
            String address = "127.0.0.1:" + ports.get(i);
            String client = "http://" + address;
            String peer = "http://127.0.0.1:" + ports.get(nodes + i);
            List<String> command = new ArrayList<>(List.of(program.toString(), "--name", name));
            command.addAll(List.of("--data-dir", directory.resolve(name).toString()));
            command.addAll(List.of("--listen-client-urls", client));
            command.addAll(List.of("--advertise-client-urls", client));
            command.addAll(List.of("--listen-peer-urls", peer));
            command.addAll(List.of("--initial-advertise-peer-urls", peer));
            command.addAll(List.of("--initial-cluster", String.join(",", members)));
            command.addAll(List.of("--quota-backend-bytes", Long.toString(ETCD_QUOTA_BYTES)));
            command.addAll(List.of("--logger", "zap", "--log-level", "warn"));
            processes.add(
                    new ServerProcess(name, address, command, directory.resolve(name + ".out")));
        }
        return processes;
    }

    private static String programName(TargetAddress.Kind kind) {
        return switch (kind) {
            case KVD -> "kvd";
            case ETCD -> "etcd";
            case REDIS -> "redis-server";
        };
    }

    /** The first number of that form that {@code --version} prints. */
    private static String version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher matcher = VERSION.matcher(output);
            return matcher.find() ? matcher.group() : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }
}
