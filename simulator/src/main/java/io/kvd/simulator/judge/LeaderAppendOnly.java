package io.kvd.simulator.judge;

import io.kvd.core.node.LogBatch;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

import java.util.Optional;

/** A leader never overwrites or deletes entries of its log. */
final class LeaderAppendOnly extends Judge {

    LeaderAppendOnly() {
        super("leaders only append", "Raft §5.3");
    }

    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        for (LogBatch.GroupWrite write : batch.groups()) {
            if (write.truncateFrom() > 0) {
                Optional<RaftCore> raft = process.raft();
                check(
                        raft.isEmpty() || raft.get().role() != RoleName.LEADER,
                        "%s leads and deletes its log from %d on: %s",
                        process,
                        write.truncateFrom(),
                        raft);
            }
        }
    }
}
