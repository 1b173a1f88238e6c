package io.kvd.simulator.run;

import io.kvd.simulator.engine.Later;
import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.net.Network;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.World;

import java.util.SplittableRandom;

/** What happens to clients and to their ways to the nodes. */
final class ClientFaults {
    private final World world;
    private final Network network;

    ClientFaults(World world) {
        this.world = world;
        this.network = world.network();
    }

    void happen(Fault fault, SplittableRandom random) {
        if (world.clients().isEmpty()) {
            return;
        }
        int index = Math.max(1, Math.min(fault.target(), world.clients().size()));
        ClientHost client = world.client(index);
        world.tally().count(fault.kind());
        switch (fault.kind()) {
            case CLIENT_RESET -> client.resetConnections();
            case CLIENT_CUT -> cut(fault, client, random);
            case CLIENT_PAUSE -> client.pauseUntil(world.nowNanos() + fault.lastsNanos());
            case CLIENT_END -> {
                if (random.nextBoolean()) {
                    client.leave();
                } else {
                    client.die();
                }
            }
            default -> throw new AssertionError("unhandled " + fault);
        }
    }

    // From one node, or from all but one.
    private void cut(Fault fault, ClientHost client, SplittableRandom random) {
        Host chosen = world.hosts().get(random.nextInt(world.hosts().size()));
        boolean fromAllBut = random.nextBoolean();
        for (Host host : world.hosts()) {
            if ((host == chosen) != fromAllBut) {
                network.cut(client.number(), host.number());
                network.cut(host.number(), client.number());
                world.timeline()
                        .after(
                                fault.lastsNanos(),
                                new Later("fault-end", FaultKind.CLIENT_CUT.name(), () -> {
                                    network.join(client.number(), host.number());
                                    network.join(host.number(), client.number());
                                }));
            }
        }
    }
}
