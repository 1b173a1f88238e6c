package io.kvd.simulator.judge;

import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;

import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * A read that wants a revision shows a store that has reached it, however large the number is; and it is not told that
 * the store has not, if anybody was told otherwise before it asked.
 */
final class RevisionsAreReached extends Judge {
    private final Told told;
    /** By the very request: what was told when it was asked. */
    private final IdentityHashMap<Request, Long> floors = new IdentityHashMap<>();

    RevisionsAreReached(Told told) {
        super("wanted revisions are reached", "docs/semantics.md, consistency");
        this.told = told;
    }

    @Override
    public void asked(ClientHost client, Request request) {
        if (request.hasRange() && request.getRange().getConsistency() == Consistency.AT_LEAST) {
            floors.put(request, told.revision());
        }
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        Optional<Long> floor = Optional.ofNullable(floors.remove(request));
        if (floor.isEmpty()) {
            return;
        }
        RangeRequest range = request.getRange();
        long wanted = range.getAtLeastRevision();
        if (reply.getCode() == Code.OK) {
            check(
                    Long.compareUnsigned(reply.getRange().getRevision(), wanted) >= 0,
                    "%s read at revision %d at node %d, and wanted %s",
                    client,
                    reply.getRange().getRevision(),
                    reply.getNodeId(),
                    Long.toUnsignedString(wanted));
        } else if (reply.getCode() == Code.FUTURE_REVISION) {
            check(
                    Long.compareUnsigned(floor.get(), wanted) < 0,
                    "node %d says that revision %s is not reached, and %d was told before %s asked",
                    reply.getNodeId(),
                    Long.toUnsignedString(wanted),
                    floor.get(),
                    client);
        }
    }
}
