package io.kvd.core.client;

import io.kvd.protocol.Handshake;
import io.kvd.protocol.Request;

/** What the driver of a {@link ClientCore} has to do, in the order given. */
public sealed interface ClientOutput {

    /**
     * Dial the address (host:port), send the handshake, and report that it is up, with the reply, whatever its
     * code, or that it was lost.
     */
    record Connect(long connection, String address, Handshake handshake) implements ClientOutput {}

    /** Close the connection, or stop dialling. Nothing about it needs to be reported any more. */
    record Disconnect(long connection) implements ClientOutput {}

    /** Send the request as one frame. Requests of one connection are sent in the order given. */
    record Send(long connection, Request request) implements ClientOutput {}

    /** The call is over; each submitted call gets exactly one of these. */
    record Complete(long callId, Outcome<Answer> outcome) implements ClientOutput {}
}
