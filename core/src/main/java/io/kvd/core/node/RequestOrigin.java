package io.kvd.core.node;

/**
 * Where a reply goes.
 *
 * @param connectionId this process's number for the connection
 * @param requestId the client's number for the request
 * @param chargedBytes what admission holds for it until the reply is written
 * @param arrivedNanos when it came, on the clock that drives the loop; for who measures, nothing depends on it
 */
public record RequestOrigin(
        long connectionId, long requestId, int chargedBytes, long arrivedNanos) {}
