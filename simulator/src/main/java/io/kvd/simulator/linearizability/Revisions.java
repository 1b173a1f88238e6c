package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Operation.Expected;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.List;

/** Which revisions an operation and its answer tell. */
final class Revisions {
    private Revisions() {}

    /** The revision of the change that the answer confirms; {@link Response#NOT_TOLD} if there is none. */
    static long ofChange(Response response) {
        if (response instanceof Response.Written written) {
            return written.revision();
        }
        if (response instanceof Response.Deleted deleted) {
            return deleted.existed() ? deleted.revision() : Response.NOT_TOLD;
        }
        if (response instanceof Response.Compared compared) {
            return compared.succeeded() ? compared.revision() : Response.NOT_TOLD;
        }
        if (response instanceof Response.Batched batched) {
            return batched.parts().stream()
                    .mapToLong(Revisions::ofChange)
                    .max()
                    .orElse(Response.NOT_TOLD);
        }
        return Response.NOT_TOLD;
    }

    /** Revisions of a key that are named without its value. */
    static List<Long> withoutValue(Invocation invocation) {
        List<Long> named = new ArrayList<>();
        if (invocation.operation() instanceof Operation.CompareAndSet cas) {
            boolean answered = invocation.outcome() instanceof Invocation.Ok;
            Response.Compared compared =
                    answered && invocation.outcome() instanceof Invocation.Ok ok
                            ? (Response.Compared) ok.response()
                            : new Response.Compared(true, Response.NOT_TOLD);
            if (cas.expected() instanceof Expected.Revision expected && compared.succeeded()) {
                named.add(expected.revision());
            }
            if (!compared.succeeded()) {
                named.add(compared.revision());
            }
        }
        named.removeIf(revision -> revision <= 0);
        return named;
    }
}
