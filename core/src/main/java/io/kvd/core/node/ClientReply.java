package io.kvd.core.node;

import io.kvd.core.base.Bytes;

/**
 * @param body a serialised {@code io.kvd.protocol.Reply}: the whole body of a frame
 * @param answerBytes what {@link ReadLine} holds for it until it left; 0 for an answer that is no row
 */
public record ClientReply(RequestOrigin to, Bytes body, long answerBytes) {

    /** An answer that is no larger than its request was charged. */
    public ClientReply(RequestOrigin to, Bytes body) {
        this(to, body, 0);
    }
}
