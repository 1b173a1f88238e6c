package io.kvd.bench.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One {@code kvd} in a process of its own. Its output goes to a file. */
public final class ServerProcess {
    private static final long EXIT_SECONDS = 30;

    private final String name;
    private final String address;
    private final List<String> command;
    private final Path output;
    private Optional<Process> process = Optional.empty();

    ServerProcess(String name, String address, List<String> command, Path output) {
        this.name = name;
        this.address = address;
        this.command = List.copyOf(command);
        this.output = output;
    }

    /** {@code kvd verify} of a directory that no node is using; its output goes to the file. Returns the exit code. */
    public static int verify(Path dataDir, Path output) {
        List<String> command =
                ServerJvm.FAST_START.kvd(List.of("verify", "--data-dir", dataDir.toString()));
        ServerProcess process = new ServerProcess("verify", "", command, output);
        process.start();
        return process.awaitEnd();
    }

    public String name() {
        return name;
    }

    /** host:port for clients. */
    public String address() {
        return address;
    }

    /** The process id; it must have been started. */
    public long pid() {
        return process.orElseThrow().pid();
    }

    public boolean isRunning() {
        return process.map(Process::isAlive).orElse(false);
    }

    public void start() {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .redirectInput(new File("/dev/null"));
            // As bin/kvd does.
            builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
            process = Optional.of(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + name, e);
        }
    }

    /** kill -9, and waits until the process is gone. */
    public void kill() {
        process.ifPresent(running -> {
            running.destroyForcibly();
            awaitExit(running);
        });
    }

    /** SIGTERM, waits, and returns the exit code. */
    public int stop() {
        Process running = process.orElseThrow();
        running.destroy();
        return awaitExit(running);
    }

    /** Waits until the process has ended by itself, and returns the exit code. */
    public int awaitEnd() {
        return awaitExit(process.orElseThrow());
    }

    /** What it printed so far. */
    public String output() {
        try {
            return Files.exists(output) ? Files.readString(output) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("reading the output of " + name, e);
        }
    }

    private int awaitExit(Process running) {
        try {
            if (!running.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new IllegalStateException(
                        name + " did not end within " + EXIT_SECONDS + " s");
            }
            return running.exitValue();
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }
}
