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

    public MeasuredLogStore(LogStore log, NodeMetrics metrics) {
        this.log = log;
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
        persist.update(System.nanoTime() - beganNanos);
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
