package io.kvd.server.runtime;

import io.kvd.server.runtime.config.HostPort;

import picocli.CommandLine.Help.Ansi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * One node of a demo: a process, and a thread that passes its lines on. It is stopped by the end of its input, not by
 * a signal: Ctrl-C reaches the whole process group, and a signal of ours would be its second one; and if the demo
 * itself is killed, its nodes end, too.
 */
final class DemoNode implements AutoCloseable {
    private static final int MAX_HEAP_MIB = 128;

    private final String name;
    private final HostPort address;
    private final Process process;

    private DemoNode(String name, HostPort address, Process process) {
        this.name = name;
        this.address = address;
        this.process = process;
    }

    /** Starts {@code kvd start --config file} with this process's Java and class path. */
    static DemoNode start(String name, HostPort address, Path file, PrintWriter out)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + MAX_HEAP_MIB + "m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "start",
                StartCommand.STOP_AT_END_OF_INPUT,
                "--config",
                file.toString());
        // What configures this shell's node does not configure the demo's.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("KVD_"));
        builder.redirectErrorStream(true);
        DemoNode node = new DemoNode(name, address, builder.start());
        Threads.daemon("demo-" + name, () -> node.passLinesOn(file, out)).start();
        return node;
    }

    String name() {
        return name;
    }

    HostPort address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to stop; returns at once. */
    void requestStop() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroy();
        }
    }

    /** Returns when it has ended, by itself or by force. */
    @Override
    public void close() {
        requestStop();
        try {
            if (!process.waitFor(StopOnSignal.BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void passLinesOn(Path file, PrintWriter out) {
        String prefix = Ansi.AUTO.string("@|cyan " + name + "|@ | ");
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(line -> printLine(out, prefix + line));
            int exitCode = process.waitFor();
            printLine(
                    out,
                    "%sended with %d; again: bin/kvd start --config %s"
                            .formatted(prefix, exitCode, file));
        } catch (IOException | java.io.UncheckedIOException e) {
            printLine(out, prefix + "its output can't be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void printLine(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
