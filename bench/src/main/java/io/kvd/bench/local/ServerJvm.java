package io.kvd.bench.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The options of the JVM that a server runs in. */
public record ServerJvm(List<String> options) {
    /** Small and quick to start, slow afterwards: for servers that are killed within seconds. */
    public static final ServerJvm FAST_START =
            new ServerJvm(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));

    /** As {@code bin/kvd} starts it, so that what is measured is what is run. */
    public static final ServerJvm PRODUCTION = new ServerJvm(
            Runtime.version().feature() < 24
                    ? List.of()
                    : List.of(
                            "--sun-misc-unsafe-memory-access=allow",
                            "--enable-native-access=ALL-UNNAMED"));

    public ServerJvm {
        options = List.copyOf(options);
    }

    /** The same with a heap of at most so much, written as {@code -Xmx} takes it. */
    public ServerJvm withHeap(String size) {
        List<String> more = new ArrayList<>(options);
        more.add("-Xmx" + size);
        return new ServerJvm(more);
    }

    /** The same, with what a profiler needs to name the method that was running rather than one near it. */
    public ServerJvm forProfiling() {
        List<String> more = new ArrayList<>(options);
        more.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"));
        return new ServerJvm(more);
    }

    /** The command line of {@code kvd} with these arguments, run from this process's class path. */
    List<String> kvd(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), "io.kvd.server.runtime.Main"));
        command.addAll(arguments);
        return command;
    }
}
