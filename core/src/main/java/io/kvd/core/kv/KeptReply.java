package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;

/** The answer to one write of a session, kept until the client says that it has it (thesis §6.3). */
sealed interface KeptReply {
    /** The write's number in its session. */
    long sequence();

    /** 64 bits over the command's bytes: the same sequence with other bytes is a client's mistake, not a retry. */
    long commandHash();

    /** Hash over the result's bytes. */
    Hash128 resultHash();

    /** How long the result is. */
    int resultBytes();

    /** A small result, in the session's own row. */
    record Inline(long sequence, long commandHash, Bytes result) implements KeptReply {
        @Override
        public Hash128 resultHash() {
            return Hash128.of(result);
        }

        @Override
        public int resultBytes() {
            return result.length();
        }
    }

    /** A large result, in a row of its own; not in memory. */
    record Apart(long sequence, long commandHash, Hash128 resultHash, int resultBytes)
            implements KeptReply {}
}
