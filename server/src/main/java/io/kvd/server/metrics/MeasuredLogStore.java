package io.kvd.server.metrics;

import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.Run;

import java.util.List;

/** A log that measures what each fsync takes. Threads as for the log within. */
public final class MeasuredLogStore implements LogStore {
    private final LogStore log;
    private final Distribution persist;
    private final WriteStages stages;
    private long lastWriteNanos;

    /** @param stages told of each batch, on the raft thread */
    public MeasuredLogStore(LogStore log, NodeMetrics metrics, WriteStages stages) {
        this.log = log;
        this.stages = stages;
        this.persist = metrics.distribution(ServerMetric.LOG_PERSIST);
    }

    @Override
    public RestoredLog restore() {
        return log.restore();
    }

    @Override
    public void write(LogBatch batch) {
        long beganNanos = System.nanoTime();
        log.write(batch);
        long nowNanos = System.nanoTime();
        lastWriteNanos = nowNanos - beganNanos;
        persist.update(lastWriteNanos);
        stages.persisted(batch, nowNanos);
    }

    @Override
    public long lastWriteNanos() {
        return lastWriteNanos;
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
