package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Command;
import io.kvd.protocol.RangeRequest;

/**
 * A client's request, parsed, validated and admitted.
 *
 * @param deadlineNanos on the clock that drives the loop; not answered after it but by TIMEOUT or UNKNOWN_OUTCOME
 */
public record ClientRequest(RequestOrigin origin, long groupId, long deadlineNanos, Body body) {

    public sealed interface Body {}

    /** The same, of no use to anybody after that moment, either. */
    ClientRequest notAfter(long nanos) {
        return nanos - deadlineNanos < 0 ? new ClientRequest(origin, groupId, nanos, body) : this;
    }

    /** @param bytes the command as the client sent it: what goes into the log */
    public record Write(Command command, Bytes bytes, Entry.Origin session) implements Body {}

    public record Range(RangeRequest request) implements Body {}

    public record Status() implements Body {}
}
