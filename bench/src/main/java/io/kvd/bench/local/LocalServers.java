package io.kvd.bench.local;

import io.kvd.bench.target.TargetAddress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Servers that a run starts on free loopback ports, each time in an empty directory, and stops by process id; also when
 * this process is told to end. Used by one thread, and by that which ends the process.
 */
public final class LocalServers implements Servers {
    private final Description description;
    private final TargetAddress.Kind kind;
    private final Path parent;
    private final Layout layout;

    private List<ServerProcess> processes = List.of();
    private List<TemporaryDirectory> directories = List.of();
    private boolean ended;

    /** How to lay servers out in an empty directory; nothing is started. */
    interface Layout {
        List<ServerProcess> in(Path directory);
    }

    LocalServers(Description description, TargetAddress.Kind kind, Path parent, Layout layout) {
        this.description = description;
        this.kind = kind;
        this.parent = parent;
        this.layout = layout;
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "stop-servers"));
    }

    @Override
    public Description description() {
        return description;
    }

    @Override
    public synchronized void startAnew() {
        refuseIfEnded();
        try {
            Path directory = Files.createTempDirectory(parent, kind + "-");
            directories = List.of(new TemporaryDirectory(directory));
            processes = List.copyOf(layout.in(directory));
        } catch (IOException e) {
            throw new UncheckedIOException("making a directory in " + parent, e);
        }
        processes.forEach(ServerProcess::start);
    }

    @Override
    public synchronized void restart() {
        refuseIfEnded();
        processes.forEach(ServerProcess::stop);
        processes.forEach(ServerProcess::start);
    }

    @Override
    public synchronized void stop() {
        processes.forEach(ServerProcess::kill);
        directories.forEach(TemporaryDirectory::close);
        directories = List.of();
    }

    @Override
    public TargetAddress address() {
        return new TargetAddress(
                kind, processes.stream().map(ServerProcess::address).toList());
    }

    @Override
    public List<Long> pids() {
        return processes.stream().map(ServerProcess::pid).toList();
    }

    /** In the order of their names. */
    public List<ServerProcess> processes() {
        return processes;
    }

    @Override
    public String output() {
        return processes.stream()
                .map(process -> "--- %s%n%s".formatted(process.name(), process.output()))
                .collect(Collectors.joining());
    }

    private void refuseIfEnded() {
        if (ended) {
            throw new IllegalStateException("this process is ending");
        }
    }

    private synchronized void end() {
        ended = true;
        stop();
    }
}
