package io.kvd.core.codec;

import io.kvd.core.base.Bytes;

/**
 * What members tell each other of their data directories, before any vote or entry (ARCHITECTURE.md, Birth).
 *
 * @param born whether the sender belongs to a cluster
 * @param bootstrap the bootstrap configuration's bytes; empty while the sender is unborn
 */
public record Hello(
        long from, long to, Bytes storeId, Birthmark born, Bytes bootstrap, Purpose purpose) {
    public enum Birthmark {
        UNBORN,
        BORN
    }

    public enum Purpose {
        ASK,
        ANSWER
    }
}
