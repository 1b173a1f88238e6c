package io.kvd.core.node;

import io.kvd.core.raft.NodeId;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.RangeRequest;

import java.util.List;
import java.util.OptionalLong;

/**
 * A client's request becomes a proposal, a read or a refusal. Refusals given here are definite: nothing was proposed.
 * Owned by the raft thread.
 */
final class ClientGate {
    private NodeInput.SpaceLevel space = NodeInput.SpaceLevel.ENOUGH;
    private boolean stopping;

    void diskSpace(NodeInput.SpaceLevel level) {
        space = level;
    }

    NodeInput.SpaceLevel space() {
        return space;
    }

    /** From now on every request is refused: the node is going down. */
    void close() {
        stopping = true;
    }

    /** Takes the request in at its replica, or answers it. */
    void admit(ClientRequest request, Replica replica, TurnOutput out) {
        RequestOrigin origin = request.origin();
        if (stopping) {
            out.reply(Replies.retryLater(
                    replica.header(),
                    origin,
                    Code.SHUTTING_DOWN,
                    "this node is shutting down; ask another one"));
        } else if (request.body() instanceof ClientRequest.Write write) {
            write(request, write, replica, out);
        } else if (request.body() instanceof ClientRequest.Range range) {
            read(request, range.request(), replica, out);
        } else {
            throw new AssertionError("unhandled " + request.body());
        }
    }

    private void write(
            ClientRequest request, ClientRequest.Write write, Replica replica, TurnOutput out) {
        if (!replica.leads()) {
            out.reply(Replies.notLeader(replica.header(), request.origin(), replica.leaderHint()));
        } else if (space == NodeInput.SpaceLevel.LOW && growsState(write.command())) {
            refuseForSpace(request.origin(), replica, out);
        } else {
            replica.write(request);
        }
    }

    // Another member that has space takes over in a moment, if there is one.
    private static void refuseForSpace(RequestOrigin origin, Replica replica, TurnOutput out) {
        if (replica.core().isLeaving()) {
            out.reply(
                    Replies.retryLater(
                            replica.header(),
                            origin,
                            Code.BUSY,
                            "free disk space is below storage.min-free on the leader, which hands over; try again shortly"));
        } else {
            out.reply(Replies.refused(
                    replica.header(),
                    origin,
                    Code.NO_SPACE,
                    "free disk space is below storage.min-free on the leader; reads and deletes still work:"
                            + " free space, or delete keys"));
        }
    }

    private void read(ClientRequest request, RangeRequest range, Replica replica, TurnOutput out) {
        if (range.getConsistency() == Consistency.BOUNDED) {
            readBounded(request, range, replica, out);
        } else if (servableNow(range, replica)) {
            replica.readNow(List.of(request), out);
        } else {
            readLinearizably(request, replica, out);
        }
    }

    // Until it is read, the state gets older.
    private static void readBounded(
            ClientRequest request, RangeRequest range, Replica replica, TurnOutput out) {
        long maxAgeNanos = Integer.toUnsignedLong(range.getMaxStalenessMs()) * 1_000_000L;
        OptionalLong until = replica.core().freshness().until(maxAgeNanos);
        if (until.isPresent()) {
            replica.readNow(List.of(request.notAfter(until.getAsLong())), out);
        } else {
            readLinearizably(request, replica, out);
        }
    }

    // What the state here does not satisfy yet goes this way, which satisfies every weaker promise.
    private static void readLinearizably(ClientRequest request, Replica replica, TurnOutput out) {
        if (replica.core().leaderId() == NodeId.NONE) {
            out.reply(Replies.notLeader(replica.header(), request.origin(), LeaderHint.NONE));
        } else {
            replica.readLinearizably(request);
        }
    }

    private static boolean servableNow(RangeRequest range, Replica replica) {
        Consistency consistency = range.getConsistency();
        if (consistency == Consistency.AT_LEAST) {
            return Long.compareUnsigned(replica.applied().revision(), range.getAtLeastRevision())
                    >= 0;
        }
        return consistency == Consistency.STALE;
    }

    private static boolean growsState(Command command) {
        return command.hasPut() || command.hasCompareAndSet() || command.hasOpenSession();
    }
}
