package io.kvd.core.kv;

import io.kvd.protocol.Code;

/** Whether a request may go on to the core. */
public sealed interface Verdict<T> {
    /** What was asked, parsed and found valid. */
    record Accepted<T>(T request) implements Verdict<T> {}

    /** Definite: nothing was proposed or read. */
    record Refused<T>(Refusal refusal) implements Verdict<T> {}

    /**
     * Why not.
     *
     * @param message a sentence for people
     * @param limit what the request was measured against; 0 if it was not a matter of measure
     * @param actual what the request has
     */
    record Refusal(Code code, String message, long limit, long actual) {}
}
