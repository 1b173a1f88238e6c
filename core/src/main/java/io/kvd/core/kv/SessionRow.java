package io.kvd.core.kv;

import io.kvd.core.base.Bytes;

import java.util.List;

/**
 * One open session.
 *
 * @param nonce what the client drew to open it: 16 bytes
 * @param ttlMs log time without activity after which it may be expired
 * @param lastActiveLogTimeMs log time of its last write or keep-alive
 * @param lowestUnanswered the client has the answers to all sequences below it
 * @param replies to sequences from there on, ascending
 */
record SessionRow(
        Bytes nonce,
        long ttlMs,
        long lastActiveLogTimeMs,
        long lowestUnanswered,
        List<KeptReply> replies) {
    SessionRow {
        replies = List.copyOf(replies);
    }
}
