package io.kvd.server.runtime;

import io.kvd.core.node.NodeInput.DiskSpace;
import io.kvd.core.node.NodeInput.SpaceLevel;
import io.kvd.server.storage.DirectoryPresence;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks once a second whether the data directory is still the one that this process opened, with all files in it, and
 * ends the process if it is not. Then how much space is free under it, and says when that changes between enough and
 * low, so that writes are refused before the disk is full. Low is less than {@code storage.min-free}; enough again is
 * a quarter more, so that writes do not flap.
 *
 * <p>Acknowledgements don't wait for it: {@link io.kvd.server.storage.ProvenLogStore} looks by itself. This is for what
 * only reads, or has nothing to write.
 */
public final class DiskWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);

    /** Tells how many bytes are free. */
    @FunctionalInterface
    interface Probe {
        long usableBytes() throws IOException;
    }

    private final Doors doors;
    private final long minFreeBytes;
    private final ScheduledExecutorService scheduler;

    // Of the scheduler's thread, once it runs; read by any.
    private volatile SpaceLevel level = SpaceLevel.ENOUGH;
    private volatile long lastFreeBytes;
    private ProbeState probeState = ProbeState.WORKS;
    private boolean hasSpoken;

    private enum ProbeState {
        WORKS,
        FAILS
    }

    /**
     * What it looks at, and who hears of it.
     *
     * @param presence throws if the directory is not there
     */
    record Doors(Runnable presence, Probe space, Consumer<DiskSpace> output, Halt halt) {}

    DiskWatch(Doors doors, long minFreeBytes) {
        this.doors = doors;
        this.minFreeBytes = minFreeBytes;
        this.scheduler = Executors.newSingleThreadScheduledExecutor(Threads.numbered("disk-watch"));
    }

    /**
     * Looks once before it returns, then each second. The first level that it finds is said, since a node
     * that knows nothing of its disk is no heir of its leader; then only changes.
     *
     * @param output takes it on the watch's thread: an inbox
     */
    static DiskWatch start(
            DirectoryPresence presence, long minFreeBytes, Consumer<DiskSpace> output, Halt halt) {
        Probe space = () -> Files.getFileStore(presence.path()).getUsableSpace();
        DiskWatch watch =
                new DiskWatch(new Doors(presence::checkFiles, space, output, halt), minFreeBytes);
        watch.look();
        var unused = watch.scheduler.scheduleWithFixedDelay(watch::look, 1, 1, TimeUnit.SECONDS);
        return watch;
    }

    /** As of the last look. Any thread. */
    long freeBytes() {
        return lastFreeBytes;
    }

    /** Whether writes are refused. Any thread. */
    boolean isLow() {
        return level == SpaceLevel.LOW;
    }

    void look() {
        try {
            doors.presence().run();
            lookForSpace();
        } catch (RuntimeException e) {
            doors.halt().because("disk-watch", e);
        }
    }

    private void lookForSpace() {
        long freeBytes;
        try {
            freeBytes = doors.space().usableBytes();
            lastFreeBytes = freeBytes;
            probeState = ProbeState.WORKS;
        } catch (IOException e) {
            if (probeState == ProbeState.WORKS) {
                probeState = ProbeState.FAILS;
                log.warn(
                        "can't tell how much disk space is free; still taken for {}: {}",
                        level,
                        e.toString());
            }
            return;
        }
        if (level == SpaceLevel.ENOUGH && freeBytes < minFreeBytes) {
            level = SpaceLevel.LOW;
            log.warn(
                    "disk space is low: writes are refused freeBytes={} minFreeBytes={}",
                    freeBytes,
                    minFreeBytes);
            doors.output().accept(new DiskSpace(level));
        } else if (level == SpaceLevel.LOW && freeBytes >= minFreeBytes + minFreeBytes / 4) {
            level = SpaceLevel.ENOUGH;
            log.info("disk space is enough again: writes go on freeBytes={}", freeBytes);
            doors.output().accept(new DiskSpace(level));
        } else if (!hasSpoken) {
            doors.output().accept(new DiskSpace(level));
        }
        hasSpoken = true;
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
