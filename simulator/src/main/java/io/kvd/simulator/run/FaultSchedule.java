package io.kvd.simulator.run;

import io.kvd.simulator.engine.Later;
import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.World;

import java.util.List;
import java.util.SplittableRandom;

/** Does the faults of a plan at their moments, until it is stopped. */
final class FaultSchedule {
    private final World world;
    private final List<Fault> faults;
    private final NetworkFaults network;
    private final NodeFaults nodes;
    private final ClientFaults clients;
    private boolean stopped;

    FaultSchedule(World world, List<Fault> faults) {
        this.world = world;
        this.faults = faults;
        this.network = new NetworkFaults(world);
        this.nodes = new NodeFaults(world);
        this.clients = new ClientFaults(world);
    }

    /** Plans all of them. Whatever goes down is started again after a while, too. */
    void begin() {
        world.addObserver(nodes);
        for (Fault fault : faults) {
            if (fault.kind() == FaultKind.REPLAY) {
                world.keepOldFrames();
            }
            world.timeline().at(fault.atNanos(), new Later("fault", fault.toString(), () -> {
                if (!stopped) {
                    happen(fault);
                }
            }));
        }
    }

    /** No more of them; what is broken stays so, but for what others repair. */
    void stop() {
        stopped = true;
        network.stop();
        nodes.stop();
    }

    private void happen(Fault fault) {
        SplittableRandom random = new SplittableRandom(fault.salt());
        switch (fault.kind().family()) {
            case NETWORK -> network.happen(fault, targetOf(fault), random);
            case PROCESS, CLOCK, DISK, OPERATOR -> nodes.happen(fault, targetOf(fault), random);
            case CLIENT -> clients.happen(fault, random);
        }
    }

    private Host targetOf(Fault fault) {
        if (fault.target() != Fault.THE_LEADER) {
            return world.host(Math.min(fault.target(), world.hosts().size()));
        }
        return Leaders.newest(world).orElse(world.host(1));
    }
}
