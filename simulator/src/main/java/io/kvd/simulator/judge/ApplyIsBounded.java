package io.kvd.simulator.judge;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.Run;
import io.kvd.simulator.world.NodeProcess;

import java.util.ArrayDeque;
import java.util.TreeMap;

/** What was handed out for apply and is not reported applied stays within its bound, or is one entry. */
final class ApplyIsBounded extends Judge {
    private final RaftOptions options;
    /** By node id: runs handed out by the present process. */
    private final TreeMap<Long, ArrayDeque<Run>> outstanding = new TreeMap<>();

    ApplyIsBounded(RaftOptions options) {
        super("what waits to be applied is bounded", "docs/semantics.md, limits");
        this.options = options;
    }

    @Override
    public void started(NodeProcess process) {
        outstanding.put(process.host().id(), new ArrayDeque<>());
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        ArrayDeque<Run> runs =
                outstanding.computeIfAbsent(process.host().id(), id -> new ArrayDeque<>());
        runs.addAll(batch.runs());
        long applied = process.raft().map(RaftCore::appliedIndex).orElse(0L);
        while (!runs.isEmpty() && runs.peekFirst().lastIndex() <= applied) {
            runs.removeFirst();
        }
        long bytes = 0;
        long entries = 0;
        for (Run run : runs) {
            bytes += run.sizeBytes();
            entries += run.entryCount();
        }
        // A run of which a part is applied may count whole.
        long slack = runs.isEmpty() ? 0 : runs.peekFirst().sizeBytes();
        check(
                entries <= 1 || bytes - slack <= options.maxApplyBytes(),
                "%s handed out %d entries of %d bytes, the bound is %d",
                process,
                entries,
                bytes,
                options.maxApplyBytes());
    }
}
