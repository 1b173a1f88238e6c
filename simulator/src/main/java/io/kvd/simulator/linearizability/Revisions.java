package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Response;

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

    /** Whether the answer tells a revision, or shows one by what was expected. */
    static boolean areToldBy(Invocation invocation) {
        return highest(invocation) > 0;
    }

    /** The highest revision that the answer tells or shows; not above 0 if there is none. */
    static long highest(Invocation invocation) {
        if (!(invocation.outcome() instanceof Invocation.Ok ok)) {
            return Response.NOT_TOLD;
        }
        long highest = Math.max(ofChange(ok.response()), highest(ok.response()));
        return invocation.operation() instanceof Operation.CompareAndSet cas
                        && cas.expected() instanceof Operation.Expected.Revision expected
                        && ok.response() instanceof Response.Compared compared
                        && compared.succeeded()
                ? Math.max(highest, expected.revision())
                : highest;
    }

    private static long highest(Response response) {
        if (response instanceof Response.Found found) {
            return found.revision();
        }
        if (response instanceof Response.Compared compared) {
            return compared.revision();
        }
        if (response instanceof Response.Rows rows) {
            return rows.rows().stream()
                    .mapToLong(Response.Row::revision)
                    .max()
                    .orElse(Response.NOT_TOLD);
        }
        if (response instanceof Response.Batched batched) {
            return batched.parts().stream()
                    .mapToLong(Revisions::highest)
                    .max()
                    .orElse(Response.NOT_TOLD);
        }
        return Response.NOT_TOLD;
    }
}
