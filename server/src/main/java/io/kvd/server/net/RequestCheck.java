package io.kvd.server.net;

import io.kvd.core.node.ClientRequest;
import io.kvd.protocol.Code;

import java.util.Optional;

/**
 * Judges a request's body before it is admitted: limits, unknown fields, what only leaders may propose. Pure, and
 * callable on several net threads at once.
 */
@FunctionalInterface
public interface RequestCheck {
    /** Why the request must not reach the loop; empty if it may. */
    Optional<Refusal> refuse(ClientRequest.Body body);

    /**
     * A definite no: nothing of the request was done, and trying again does not help.
     *
     * @param message a sentence for people, without keys or values
     * @param limit with TOO_LARGE and other limits, else 0
     * @param actual what was sent, else 0
     */
    record Refusal(Code code, String message, long limit, long actual) {
        public static Refusal of(Code code, String message) {
            return new Refusal(code, message, 0, 0);
        }
    }
}
