package io.kvd.simulator.judge;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.raft.Run;
import io.kvd.simulator.world.NodeProcess;

/** Log time never goes back along the log, whoever led and whatever clocks did. */
final class LogTimeNeverGoesBack extends Judge {
    private long lastIndex;
    private long lastMs;

    LogTimeNeverGoesBack() {
        super("log time never goes back", "docs/semantics.md §3");
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        for (Run run : batch.runs()) {
            if (run.lastIndex() > lastIndex) {
                check(
                        run.lastLogTimeMs() >= lastMs,
                        "entry %d is of %d ms, entry %d of %d ms",
                        run.lastIndex(),
                        run.lastLogTimeMs(),
                        lastIndex,
                        lastMs);
                lastIndex = run.lastIndex();
                lastMs = run.lastLogTimeMs();
            }
        }
    }
}
