package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Invocation.Ok;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Changes something in a history, so that it is perhaps no longer a good one. */
final class Noise {
    private final SplittableRandom random;

    Noise(SplittableRandom random) {
        this.random = random;
    }

    List<Invocation> disturb(List<Invocation> history) {
        List<Invocation> disturbed = new ArrayList<>(history);
        int at = random.nextInt(history.size());
        Invocation old = history.get(at);
        switch (random.nextInt(5)) {
            case 0 -> disturbed.remove(at);
            case 1 -> {
                long shift = random.nextInt(150);
                long called = old.callNanos() + (random.nextBoolean() ? shift : -shift);
                disturbed.set(at, at(old, called, Math.max(called + 1, returned(old))));
            }
            case 2 -> disturbed.set(at, at(old, old.callNanos(), old.callNanos() + 1));
            default -> {
                if (old.outcome() instanceof Ok ok) {
                    Response other = disturb(ok.response());
                    Invocation.Outcome outcome = new Ok(other, ok.returnNanos());
                    if (other.answers(old.operation())) {
                        disturbed.set(
                                at,
                                new Invocation(
                                        old.client(), old.operation(), old.callNanos(), outcome));
                    }
                }
            }
        }
        return disturbed;
    }

    private static long returned(Invocation invocation) {
        return invocation.outcome().returnNanos();
    }

    private static Invocation at(Invocation old, long called, long returned) {
        Invocation.Outcome outcome = old.outcome() instanceof Ok ok
                ? new Ok(ok.response(), returned)
                : new Invocation.Unknown(returned);
        return new Invocation(old.client(), old.operation(), called, outcome);
    }

    private Response disturb(Response response) {
        if (response instanceof Response.Found found) {
            return switch (random.nextInt(3)) {
                case 0 -> new Response.Absent();
                case 1 -> new Response.Found(value(), found.revision());
                default -> new Response.Found(found.value(), near(found.revision()));
            };
        }
        if (response instanceof Response.Absent) {
            return new Response.Found(value(), Response.NOT_TOLD);
        }
        if (response instanceof Response.Written written) {
            return new Response.Written(near(written.revision()));
        }
        if (response instanceof Response.Deleted deleted) {
            return random.nextBoolean()
                    ? new Response.Deleted(!deleted.existed(), Response.NOT_TOLD)
                    : new Response.Deleted(deleted.existed(), near(deleted.revision()));
        }
        if (response instanceof Response.Compared compared) {
            return new Response.Compared(
                    compared.succeeded() ^ random.nextBoolean(), near(compared.revision()));
        }
        if (response instanceof Response.Rows rows) {
            return disturb(rows);
        }
        if (response instanceof Response.Batched batched) {
            List<Response> parts = new ArrayList<>(batched.parts());
            int at = random.nextInt(parts.size());
            parts.set(at, disturb(parts.get(at)));
            return new Response.Batched(parts);
        }
        throw new AssertionError("unhandled " + response);
    }

    private Response disturb(Response.Rows rows) {
        List<Response.Row> changed = new ArrayList<>(rows.rows());
        if (changed.isEmpty()) {
            return new Response.Rows(changed, true);
        }
        int at = random.nextInt(changed.size());
        Response.Row row = changed.get(at);
        switch (random.nextInt(4)) {
            case 0 -> changed.remove(at);
            case 1 -> changed.set(at, new Response.Row(row.key(), value(), row.revision()));
            case 2 ->
                changed.set(at, new Response.Row(row.key(), row.value(), near(row.revision())));
            default -> {
                return new Response.Rows(changed.subList(0, at), true);
            }
        }
        return new Response.Rows(changed, rows.more());
    }

    private long near(long revision) {
        return revision == Response.NOT_TOLD
                ? revision
                : Math.max(1, revision + random.nextInt(5) - 2);
    }

    private Bytes value() {
        return Bytes.utf8(Integer.toString(random.nextInt(3), 36) + ".");
    }
}
