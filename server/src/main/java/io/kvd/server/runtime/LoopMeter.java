package io.kvd.server.runtime;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ApplyLoop;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeLoop;
import io.kvd.core.raft.Run;
import io.kvd.server.metrics.Distribution;
import io.kvd.server.metrics.NodeMetrics;
import io.kvd.server.metrics.NodeState;
import io.kvd.server.metrics.ServerMetric;
import io.kvd.server.metrics.WriteStages;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Measures the loops from outside, at the doors of {@link LoopThreads}. Each method is called on one thread. */
final class LoopMeter {
    private final LongAdder turns = new LongAdder();
    private final Distribution turn;
    private final Distribution turnInputs;
    private final Distribution applyBatch;
    private final Distribution applyEntries;
    private final Distribution load;
    private final Distribution flush;
    private final StatePublisher publisher;
    private final WriteStages stages = new WriteStages();

    /** Set by the apply thread, after each batch. */
    private volatile Applied applied = new Applied(0, 0);

    /** What the last batch left. */
    private record Applied(long revision, long sessions) {}

    LoopMeter(NodeMetrics metrics) {
        this.publisher = new StatePublisher(System.nanoTime());
        this.turn = metrics.distribution(ServerMetric.RAFT_TURN);
        this.turnInputs = metrics.distribution(ServerMetric.RAFT_TURN_INPUTS);
        this.applyBatch = metrics.distribution(ServerMetric.APPLY_BATCH);
        this.applyEntries = metrics.distribution(ServerMetric.APPLY_BATCH_ENTRIES);
        this.load = metrics.distribution(ServerMetric.LOG_LOAD);
        this.flush = metrics.distribution(ServerMetric.STATE_FLUSH);
        metrics.read(ServerMetric.RAFT_TURNS, turns::sum);
        metrics.read(ServerMetric.STORE_REVISION, () -> applied.revision());
        metrics.read(ServerMetric.SESSIONS_OPEN, () -> applied.sessions());
    }

    /** As the raft thread last saw it. Any thread. */
    NodeState state() {
        return publisher.state();
    }

    /** Raft thread. */
    WriteStages stages() {
        return stages;
    }

    long revision() {
        return applied.revision();
    }

    long sessions() {
        return applied.sessions();
    }

    /** A turn ended and its work is handed out. Raft thread. */
    void turned(NodeLoop loop, List<NodeInput> inputs, long beganNanos) {
        turns.increment();
        long nowNanos = beganNanos;
        if (!inputs.isEmpty()) {
            nowNanos = System.nanoTime();
            turn.update(nowNanos - beganNanos);
            turnInputs.update(inputs.size());
        }
        publisher.turned(loop, nowNanos);
    }

    /** Apply thread. */
    void applied(List<ApplyInput> inputs, ApplyLoop.Outcome outcome, long beganNanos) {
        int entries = 0;
        for (ApplyInput input : inputs) {
            if (input instanceof ApplyInput.ApplyBatch batch) {
                for (Run run : batch.runs()) {
                    entries += run.entryCount();
                }
            }
        }
        if (entries > 0) {
            applyBatch.update(System.nanoTime() - beganNanos);
            applyEntries.update(entries);
        }
        for (NodeInput input : outcome.toNode()) {
            if (input instanceof NodeInput.Applied last) {
                applied = new Applied(last.revision(), last.sessions());
            }
        }
    }

    /** Background thread. */
    void loaded(long beganNanos) {
        load.update(System.nanoTime() - beganNanos);
    }

    /** Background thread. */
    void flushed(long beganNanos) {
        flush.update(System.nanoTime() - beganNanos);
    }
}
