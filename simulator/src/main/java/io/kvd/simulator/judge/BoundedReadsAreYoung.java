package io.kvd.simulator.judge;

import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.World;

import java.util.IdentityHashMap;

/**
 * A bounded read shows everything that anybody was told of more than its bound before it was asked, by the clock of who
 * answers: whatever was delayed, paused, restarted or replaced meanwhile.
 */
final class BoundedReadsAreYoung extends Judge {
    private static final long MILLI = 1_000_000;
    /** In larger steps no clock of a host moves: by so much a node can be wrong about what passed. */
    private static final long STEP_NANOS = 41 * MILLI;

    private final World world;
    private final Told told;
    /** By the very request: what each host's own clock showed when it was asked. */
    private final IdentityHashMap<Request, long[]> asked = new IdentityHashMap<>();

    BoundedReadsAreYoung(World world, Told told) {
        super("bounded reads are as young as asked for", "docs/semantics.md, consistency");
        this.world = world;
        this.told = told;
    }

    @Override
    public void asked(ClientHost client, Request request) {
        if (request.hasRange() && request.getRange().getConsistency() == Consistency.BOUNDED) {
            asked.put(request, world.hosts().stream().mapToLong(Host::ownNanos).toArray());
        }
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        long[] clocks = asked.remove(request);
        if (clocks == null || reply.getCode() != Code.OK) {
            return;
        }
        Host host = world.host(reply.getNodeId());
        long boundMs = Integer.toUnsignedLong(request.getRange().getMaxStalenessMs());
        long since = clocks[host.number()] - boundMs * MILLI - STEP_NANOS;
        check(
                reply.getRange().getRevision() >= told.revisionAt(host, since),
                "%s read at revision %d at %s, and %d was told more than %d ms before it asked",
                client,
                reply.getRange().getRevision(),
                host,
                told.revisionAt(host, since),
                boundMs);
    }
}
