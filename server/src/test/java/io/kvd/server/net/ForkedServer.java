package io.kvd.server.net;

import io.kvd.server.runtime.Main;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A node as a process of its own, with as much heap as a test gives it and the collector of a small container. */
final class ForkedServer implements AutoCloseable {
    private static final int END_SECONDS = 20;

    final InetSocketAddress address;
    private final Process process;
    private final Path log;

    private ForkedServer(Process process, InetSocketAddress address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
    }

    /** Starts a cluster of one, and returns when it serves. */
    static ForkedServer start(Path directory, String heap, String... settings) throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                heap,
                "-cp",
                classPath(),
                Main.class.getName(),
                "start",
                "--data-dir",
                directory.resolve("data").toString(),
                "--set",
                "listen.address=127.0.0.1:" + port,
                "--set",
                "cluster.peers=n1=127.0.0.1:" + port,
                "--set",
                "listen.admin=none",
                "--set",
                "storage.min-free=1 MiB"));
        for (String setting : settings) {
            command.add("--set");
            command.add(setting);
        }
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String ready = out.readLine();
        if (ready == null || !ready.contains("serves on")) {
            throw new AssertionError("the node did not start:\n" + Files.readString(log));
        }
        return new ForkedServer(
                process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), log);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Without the tests' own logging. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
