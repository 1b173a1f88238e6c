package io.kvd.simulator.judge;

import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;

import java.util.Map;
import java.util.TreeMap;

/** A linearizable read shows everything that anybody was told of before it was asked. */
final class ReadsAreFresh extends Judge {
    /** The highest revision that any answer told of. */
    private long toldRevision;
    /** By client and request id: what was told when the read was asked. */
    private final Map<Long, TreeMap<Long, Long>> floors = new TreeMap<>();

    ReadsAreFresh() {
        super("linearizable reads are fresh", "thesis §6.4");
    }

    @Override
    public void asked(ClientHost client, Request request) {
        if (isLinearizable(request)) {
            floors.computeIfAbsent((long) client.number(), c -> new TreeMap<>())
                    .put(request.getRequestId(), toldRevision);
        }
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        long floor = isLinearizable(request)
                ? floors.getOrDefault((long) client.number(), new TreeMap<>())
                        .getOrDefault(request.getRequestId(), 0L)
                : 0;
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
