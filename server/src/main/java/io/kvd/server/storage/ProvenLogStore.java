package io.kvd.server.storage;

import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.Run;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * A log that returns from a write only if its directory was seen in place within the last {@link #MAX_AGE_MS}, so that
 * nothing is acknowledged for longer than that into files that nobody will find again. It is cut only behind a state
 * all of whose files are there (P4). Threads as for the log within.
 */
public final class ProvenLogStore implements LogStore {
    /** Some microseconds ten times a second. */
    static final long MAX_AGE_MS = 100;

    private final LogStore log;
    private final DirectoryPresence presence;
    private final LongSupplier nanoTime;
    /** Raft thread. */
    private long provenNanos;

    /** @param nanoTime monotonic */
    public ProvenLogStore(LogStore log, DirectoryPresence presence, LongSupplier nanoTime) {
        this.log = log;
        this.presence = presence;
        this.nanoTime = nanoTime;
        this.provenNanos = nanoTime.getAsLong() - MAX_AGE_MS * 1_000_000;
    }

    @Override
    public RestoredLog restore() {
        return log.restore();
    }

    @Override
    public void write(LogBatch batch) {
        boolean cuts = batch.groups().stream().anyMatch(write -> !write.group().isEmpty());
        if (cuts) {
            presence.checkFiles();
        }
        log.write(batch);
        long nowNanos = nanoTime.getAsLong();
        if (nowNanos - provenNanos >= MAX_AGE_MS * 1_000_000) {
            presence.check();
            provenNanos = nowNanos;
        }
    }

    @Override
    public List<Run> load(long groupId, long fromIndex, long toIndex, int maxBytes) {
        return log.load(groupId, fromIndex, toIndex, maxBytes);
    }

    @Override
    public long sizeBytes(long groupId) {
        return log.sizeBytes(groupId);
    }

    @Override
    public void close() {
        log.close();
    }
}
