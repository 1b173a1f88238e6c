package io.kvd.simulator.judge;

import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;

import java.util.IdentityHashMap;
import java.util.Optional;

/** A linearizable read shows everything that anybody was told of before it was asked. */
final class ReadsAreFresh extends Judge {
    /** The highest revision that any answer told of. */
    private long toldRevision;
    /** By the very request, whose id others may have: what was told when it was asked. */
    private final IdentityHashMap<Request, Long> floors = new IdentityHashMap<>();

    ReadsAreFresh() {
        super("linearizable reads are fresh", "thesis §6.4");
    }

    @Override
    public void asked(ClientHost client, Request request) {
        if (isLinearizable(request)) {
            floors.put(request, toldRevision);
        }
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        long floor = Optional.ofNullable(floors.remove(request)).orElse(0L);
        if (reply.getCode() != Code.OK) {
            return;
        }
        if (isLinearizable(request)) {
            long revision = reply.getRange().getRevision();
            check(
                    revision >= floor,
                    "%s read at revision %d at node %d, and %d was told before it asked",
                    client,
                    revision,
                    reply.getNodeId(),
                    floor);
            toldRevision = Math.max(toldRevision, revision);
        } else if (request.hasCommand()) {
            toldRevision = Math.max(toldRevision, resultOf(reply).getRevision());
        }
    }

    private static boolean isLinearizable(Request request) {
        return request.hasRange()
                && request.getRange().getConsistency() == Consistency.LINEARIZABLE;
    }
}
