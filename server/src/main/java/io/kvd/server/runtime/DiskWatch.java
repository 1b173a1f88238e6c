package io.kvd.server.runtime;

import io.kvd.core.node.NodeInput.DiskSpace;
import io.kvd.core.node.NodeInput.SpaceLevel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks once a second how much space is free under the data directory, and says when that changes between enough and
 * low, so that writes are refused before the disk is full. Low is less than {@code storage.min-free}; enough again is
 * a quarter more, so that writes do not flap.
 */
public final class DiskWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);

    /** Where the free bytes are asked from. */
    @FunctionalInterface
    interface Probe {
        long usableBytes() throws IOException;
    }

    private final Probe probe;
    private final long minFreeBytes;
    private final Consumer<DiskSpace> output;
    private final ScheduledExecutorService scheduler;

    // Of the scheduler's thread, once it runs; read by any.
    private volatile SpaceLevel level = SpaceLevel.ENOUGH;
    private volatile long lastFreeBytes;
    private ProbeState probeState = ProbeState.WORKS;

    private enum ProbeState {
        WORKS,
        FAILS
    }

    DiskWatch(Probe probe, long minFreeBytes, Consumer<DiskSpace> output) {
        this.probe = probe;
        this.minFreeBytes = minFreeBytes;
        this.output = output;
        this.scheduler = Executors.newSingleThreadScheduledExecutor(Threads.numbered("disk-watch"));
    }

    /**
     * Looks once before it returns, then each second. A node begins with ENOUGH; only changes are said.
     *
     * @param output takes it on the watch's thread: an inbox
     */
    public static DiskWatch start(Path dataDir, long minFreeBytes, Consumer<DiskSpace> output) {
        DiskWatch watch = new DiskWatch(
                () -> Files.getFileStore(dataDir).getUsableSpace(), minFreeBytes, output);
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
        long freeBytes;
        try {
            freeBytes = probe.usableBytes();
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
            output.accept(new DiskSpace(level));
        } else if (level == SpaceLevel.LOW && freeBytes >= minFreeBytes + minFreeBytes / 4) {
            level = SpaceLevel.ENOUGH;
            log.info("disk space is enough again: writes go on freeBytes={}", freeBytes);
            output.accept(new DiskSpace(level));
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
