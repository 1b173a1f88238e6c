package io.kvd.bench.local;

import io.kvd.bench.target.TargetAddress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Servers that a run starts on free loopback ports, each time in an empty directory, and stops by process id. */
public final class LocalServers implements Servers {
    private final Description description;
    private final TargetAddress.Kind kind;
    private final Path parent;
    private final Layout layout;

    /** Replaced by who runs it, read by whatever ends this process. */
    private volatile List<ServerProcess> processes = List.of();

    private List<TemporaryDirectory> directories = List.of();

    /** How to lay servers out in an empty directory; nothing is started. */
    interface Layout {
        List<ServerProcess> in(Path directory);
    }

    LocalServers(Description description, TargetAddress.Kind kind, Path parent, Layout layout) {
        this.description = description;
        this.kind = kind;
        this.parent = parent;
        this.layout = layout;
        Runtime.getRuntime().addShutdownHook(new Thread(this::killAll, "kill-servers"));
    }

    @Override
    public Description description() {
        return description;
    }

    @Override
    public void startAnew() {
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
    public void restart() {
        processes.forEach(ServerProcess::stop);
        processes.forEach(ServerProcess::start);
    }

    @Override
    public void stop() {
        killAll();
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

    private void killAll() {
        processes.forEach(ServerProcess::kill);
    }
}
