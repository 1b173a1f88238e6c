package io.kvd.core.client;

import com.google.protobuf.ByteString;

import io.kvd.protocol.RangeRequest;

/** What a user of the machine can ask for. Each has a deadline: {@link #timeoutMs()} after it was submitted. */
public sealed interface ClientCall {

    /** How long the call may take in all, retries included; more than 0. */
    long timeoutMs();

    /**
     * A change of the store.
     *
     * @param command a serialised {@code io.kvd.protocol.Command}: the very bytes of every attempt
     */
    record Write(ByteString command, WriteMode mode, long timeoutMs) implements ClientCall {}

    /** Rows in key order from one state; where it is asked depends on its consistency. */
    record Read(RangeRequest range, long timeoutMs) implements ClientCall {}

    /** Asks one node about itself. One attempt: a node that can't be reached is an answer too. */
    record Ask(String address, Question question, long timeoutMs) implements ClientCall {}

    /** What makes it safe to send a write again. */
    enum WriteMode {
        /** (session, sequence): the session answers a repeated write instead of applying it twice. */
        SESSION,
        /** Nothing: never sent again once it may have been sent. */
        SESSIONLESS,
        /** The command itself: a repeated one changes nothing. For the session's own open, keep-alive and close. */
        IDEMPOTENT
    }

    /** What a node can be asked about itself. */
    enum Question {
        STATUS,
        PING,
        FIGURES
    }
}
