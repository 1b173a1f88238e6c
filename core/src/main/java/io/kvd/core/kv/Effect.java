package io.kvd.core.kv;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;

/** One change of the logical rows that a command asks for. */
sealed interface Effect {
    /** A new version of the key of that CURRENT row. */
    record Put(Bytes rowKey, KeyRevisions revisions, ByteString value) implements Effect {}

    /** The key of that CURRENT row goes; it is there. */
    record Delete(Bytes rowKey) implements Effect {}

    record OpenSession(long sessionId, Bytes nonce, long ttlMs) implements Effect {}

    /** A sign of life of a session, which is open. */
    record TouchSession(long sessionId) implements Effect {}

    /** Closed or expired: the session and all its replies go; it is open. */
    record RemoveSession(long sessionId) implements Effect {}
}
