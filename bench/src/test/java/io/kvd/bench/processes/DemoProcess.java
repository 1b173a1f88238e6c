package io.kvd.bench.processes;

import org.junit.jupiter.api.Assumptions;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code kvd demo} that runs, and the processes that it started. Every wait is for a line or an end of a process. */
final class DemoProcess {
    private static final int PORT_STEP = 10;
    private static final int SIGINT_BIT = 1 << 1;
    private static final Pattern KILL = Pattern.compile("(n\\d)  .*kill -9 (\\d+)");

    private final Optional<Process> process;
    private final List<String> lines = new ArrayList<>();
    /** The nodes by name, as the guide says. */
    private final TreeMap<String, ProcessHandle> nodes = new TreeMap<>();
    /** All that were ever seen below it. */
    private final List<ProcessHandle> descendants = new ArrayList<>();

    private DemoProcess(Optional<Process> process) {
        this.process = process;
    }

    static DemoProcess notStarted() {
        return new DemoProcess(Optional.empty());
    }

    /** @param temporary where it is to make its throw-away directory */
    static DemoProcess start(int nodes, Path temporary) throws IOException {
        List<String> command =
                JavaProcess.command("-Djava.io.tmpdir=" + temporary, "io.kvd.server.runtime.Main");
        command.addAll(List.of(
                "demo",
                "--nodes",
                Integer.toString(nodes),
                "--base-port",
                Integer.toString(freeBasePort(nodes))));
        return new DemoProcess(Optional.of(
                new ProcessBuilder(command).redirectErrorStream(true).start()));
    }

    /** Background jobs of some shells ignore SIGINT, and so do their children: then Ctrl-C can't be tried. */
    static void assumeSigintIsNotIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            long ignored = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
            Assumptions.assumeTrue(
                    (ignored & SIGINT_BIT) == 0, "this process was started with SIGINT ignored");
        }
    }

    /** The first line with the text, from here on. */
    String awaitLine(String text) throws IOException {
        BufferedReader reader = process.orElseThrow().inputReader();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.contains(text)) {
                remember();
                return line;
            }
        }
        throw new AssertionError("no line with '" + text + "' in\n" + String.join("\n", lines));
    }

    /** The commands that it says to type. */
    List<String> awaitGuide() throws IOException {
        awaitLine("The end:");
        List<String> commands = new ArrayList<>();
        for (String line : lines) {
            Matcher kill = KILL.matcher(line);
            if (kill.find()) {
                long pid = Long.parseLong(kill.group(2));
                nodes.put(kill.group(1), ProcessHandle.of(pid).orElseThrow());
            } else if (line.strip().startsWith("bin/kvctl ")) {
                commands.add(line.strip());
            }
        }
        return commands;
    }

    /** What it printed, as far as it was awaited. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** What a command line that begins with bin/kvctl prints. */
    String kvctl(String line) throws IOException, InterruptedException {
        String[] words = line.split(" ");
        return JavaProcess.kvctl(List.of(words).subList(1, words.length));
    }

    /** The name of the node that leads, by the status command of the guide. */
    String leader(String status) throws IOException, InterruptedException {
        return kvctl(status)
                .lines()
                .filter(line -> line.contains(" leader "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElseThrow();
    }

    /** kill -9 of one node. */
    void kill(String node) {
        Optional.ofNullable(nodes.get(node)).orElseThrow().destroyForcibly();
    }

    void signal(String name) throws IOException, InterruptedException {
        send(name, List.of(process.orElseThrow().pid()));
    }

    /** To it and its nodes, as a terminal does. */
    void signalAll(String name) throws IOException, InterruptedException {
        List<Long> pids = new ArrayList<>(List.of(process.orElseThrow().pid()));
        descendants.forEach(descendant -> pids.add(descendant.pid()));
        send(name, pids);
    }

    private static void send(String name, List<Long> pids)
            throws IOException, InterruptedException {
        List<String> kill = new ArrayList<>(List.of("kill", "-" + name));
        pids.forEach(pid -> kill.add(Long.toString(pid)));
        int exitCode = new ProcessBuilder(kill).inheritIO().start().waitFor();
        if (exitCode != 0) {
            throw new AssertionError(kill + " ended with " + exitCode);
        }
    }

    int awaitExit() throws IOException, InterruptedException {
        BufferedReader reader = process.orElseThrow().inputReader();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
        }
        return process.orElseThrow().waitFor();
    }

    /** Those of its processes that are still there. */
    List<ProcessHandle> running() {
        return descendants.stream().filter(ProcessHandle::isAlive).toList();
    }

    /** Waits until all of its processes have ended by themselves. */
    List<ProcessHandle> awaitEndOfNodes() {
        CompletableFuture.allOf(descendants.stream()
                        .map(ProcessHandle::onExit)
                        .toArray(CompletableFuture[]::new))
                .join();
        return running();
    }

    /** Whatever the test came to. */
    void killAll() {
        process.ifPresent(demo -> {
            remember();
            demo.destroyForcibly();
        });
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    private void remember() {
        process.orElseThrow().descendants().forEach(descendants::add);
    }

    /** The demo's ports are a fixed step apart; here nobody listens on any of them. */
    private static int freeBasePort(int nodes) {
        SplittableRandom random = new SplittableRandom();
        while (true) {
            int base = random.nextInt(20_000, 30_000);
            if (isFree(base, nodes)) {
                return base;
            }
        }
    }

    private static boolean isFree(int base, int nodes) {
        for (int i = 0; i < nodes; i++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), base + i * PORT_STEP));
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }
}
