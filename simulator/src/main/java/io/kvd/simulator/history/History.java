package io.kvd.simulator.history;

import io.kvd.core.base.Check;
import io.kvd.simulator.history.Invocation.Failed;
import io.kvd.simulator.history.Invocation.Ok;
import io.kvd.simulator.history.Invocation.Outcome;
import io.kvd.simulator.history.Invocation.Unknown;

import java.util.ArrayList;
import java.util.List;

/**
 * Records what clients do and see; append-only. The order of the records is the order of the events: one that comes at
 * the time of the one before gets the nanosecond after it, so that a clock that stands still while several things
 * happen blurs nothing. An operation that is never closed counts as unknown.
 *
 * <p>Owned by one thread.
 */
public final class History {
    private final List<Open> operations = new ArrayList<>();
    private long lastNanos = Long.MIN_VALUE;

    /** An operation and, once it is closed, its outcome. */
    private static final class Open {
        private final long client;
        private final Operation operation;
        private final long callNanos;
        private Outcome outcome = new Unknown(Long.MAX_VALUE);
        private boolean closed;

        private Open(long client, Operation operation, long callNanos) {
            this.client = client;
            this.operation = operation;
            this.callNanos = callNanos;
        }
    }

    /** The client is about to send the operation. Returns the id under which to report what became of it. */
    public long call(long client, Operation operation, long nowNanos) {
        operations.add(new Open(client, operation, tick(nowNanos)));
        return operations.size() - 1L;
    }

    /** The client has the answer. */
    public void ok(long id, Response response, long nowNanos) {
        close(id, new Ok(response, tick(nowNanos)));
    }

    /** The client was told that the operation has not taken effect and never will. */
    public void fail(long id, long nowNanos) {
        close(id, new Failed(tick(nowNanos)));
    }

    /** The client gave up, or was told that nobody knows. */
    public void unknown(long id, long nowNanos) {
        close(id, new Unknown(tick(nowNanos)));
    }

    /** All operations so far, in the order of their calls. */
    public List<Invocation> invocations() {
        return operations.stream()
                .map(o -> new Invocation(o.client, o.operation, o.callNanos, o.outcome))
                .toList();
    }

    private void close(long id, Outcome outcome) {
        Open open = operations.get(Math.toIntExact(id));
        Check.that(!open.closed, "operation %d is closed twice: %s", id, outcome);
        open.closed = true;
        open.outcome = outcome;
    }

    private long tick(long nowNanos) {
        lastNanos = Math.max(nowNanos, lastNanos + 1);
        return lastNanos;
    }
}
