package io.kvd.simulator.judge;

import io.kvd.core.raft.RaftCore;
import io.kvd.simulator.world.NodeProcess;

import java.util.OptionalLong;

/** As of when a member believes its state to be, it holds all that anybody had been told of by then. */
final class AgesAreTrue extends Judge {
    private final Told told;

    AgesAreTrue(Told told) {
        super("a state is as young as its member believes", "docs/semantics.md, consistency");
        this.told = told;
    }

    @Override
    public void turned(NodeProcess process) {
        OptionalLong asOf = process.raft().map(RaftCore::freshness).stream()
                .flatMapToLong(freshness -> freshness.asOf().stream())
                .findFirst();
        if (asOf.isPresent()) {
            long revision = process.machine().revision();
            check(
                    told.revisionAt(process.host(), asOf.getAsLong()) <= revision,
                    "%s is at revision %d and believes that to be as of %d ns, when %d had been told",
                    process,
                    revision,
                    asOf.getAsLong(),
                    told.revisionAt(process.host(), asOf.getAsLong()));
        }
    }
}
