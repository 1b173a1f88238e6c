package io.kvd.simulator.run;

import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.World;

import java.util.Optional;

/** Who leads. */
final class Leaders {
    private Leaders() {}

    /** The running node that leads in the highest term. */
    static Optional<Host> newest(World world) {
        Host newest = null;
        long term = 0;
        for (Host host : world.hosts()) {
            Optional<RaftCore> raft = raftOf(host);
            if (raft.isPresent()
                    && raft.get().role() == RoleName.LEADER
                    && raft.get().term() > term) {
                newest = host;
                term = raft.get().term();
            }
        }
        return Optional.ofNullable(newest);
    }

    static Optional<RaftCore> raftOf(Host host) {
        return host.process().flatMap(process -> process.raft());
    }
}
