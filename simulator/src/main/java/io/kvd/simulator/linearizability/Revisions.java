package io.kvd.simulator.linearizability;

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
}
