package io.kvd.server.runtime;

import io.kvd.server.runtime.config.HostPort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One node of a demo: a process, and a thread that passes its lines on. It is stopped by the end of its input, not by
 * a signal: Ctrl-C reaches the whole process group, and a signal of ours would be its second one; and if the demo
 * itself is killed, its nodes end, too.
 */
final class DemoNode implements AutoCloseable {
    private static final int MAX_HEAP_MIB = 128;
    private static final int FIRST_WARNING_JDK = 24;
    /** As in bin/lib.sh: RocksDB and Netty load native code. The manifest, which says so too, counts only with -jar. */
    private static final List<String> AGAINST_WARNINGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final String name;
    private final HostPort address;
    private final Path file;
    private final Process process;

    /** Set once, by whoever ends the demo. */
    private volatile boolean stopping;

    private DemoNode(String name, HostPort address, Path file, Process process) {
        this.name = name;
        this.address = address;
        this.file = file;
        this.process = process;
    }

    /**
     * Starts {@code kvd start --config file} with this process's Java and class path.
     *
     * @param lines takes what it prints, and at last that it ended; on a thread of its own
     */
    static DemoNode start(String name, HostPort address, Path file, Consumer<String> lines)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + MAX_HEAP_MIB + "m");
        command.add("-XX:+ExitOnOutOfMemoryError");
        if (Runtime.version().feature() >= FIRST_WARNING_JDK) {
            command.addAll(AGAINST_WARNINGS);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(
                List.of("start", StartCommand.STOP_AT_END_OF_INPUT, "--config", file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        // What configures this shell's node does not configure the demo's.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("KVD_"));
        builder.redirectErrorStream(true);
        DemoNode node = new DemoNode(name, address, file, builder.start());
        Threads.daemon("demo-" + name, () -> node.passLinesOn(lines)).start();
        return node;
    }

    String name() {
        return name;
    }

    HostPort address() {
        return address;
    }

    /** Starts it again by hand. */
    Path file() {
        return file;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to stop; returns at once. */
    void requestStop() {
        stopping = true;
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

    private void passLinesOn(Consumer<String> lines) {
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(lines);
            String ended = "ended with exit code " + process.waitFor();
            lines.accept(stopping ? ended : ended + "; again: bin/kvd start --config " + file);
        } catch (IOException | UncheckedIOException e) {
            lines.accept("its output can't be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
