package io.kvd.simulator.judge;

import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;

import java.util.IdentityHashMap;
import java.util.Optional;

/** A linearizable read shows everything that anybody was told of before it was asked. */
final class ReadsAreFresh extends Judge {
    private final Told told;
    /** By the very request, whose id others may have: what was told when it was asked. */
    private final IdentityHashMap<Request, Long> floors = new IdentityHashMap<>();

    ReadsAreFresh(Told told) {
        super("linearizable reads are fresh", "thesis §6.4");
        this.told = told;
    }

    @Override
    public void asked(ClientHost client, Request request) {
        if (request.hasRange() && Told.isLinearizable(request.getRange())) {
            floors.put(request, told.revision());
        }
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        long floor = Optional.ofNullable(floors.remove(request)).orElse(0L);
        boolean isServedRead = request.hasRange() && reply.getCode() == Code.OK;
        if (isServedRead && Told.isLinearizable(request.getRange())) {
            check(
                    reply.getRange().getRevision() >= floor,
                    "%s read at revision %d at node %d, and %d was told before it asked",
                    client,
                    reply.getRange().getRevision(),
                    reply.getNodeId(),
                    floor);
        }
    }
}
