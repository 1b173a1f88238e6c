package io.kvd.core.kv;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesReader;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.Hash128;
import io.kvd.core.raft.EntryId;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The layout of a group's state: every row's key and value. A key is one kind byte and what the kind says; rows of a
 * kind lie together, in the order of their keys. Numbers are big-endian. Kind bytes are on disk: never reused.
 *
 * <pre>
 * kind                  rest of the key             value
 * 00 META               -                           the state about itself, one row:
 *                                                     format(1) = 1, groupId(8), applied term(8), applied index(8),
 *                                                     revision(8), compactedRevision(8), featureLevel(4),
 *                                                     lastLogTimeMs(8), rowSum(16), chain(16): the state hash is
 *                                                     their sum modulo 2^128,
 *                                                     configurationLength(4), configuration;
 *                                                     readers skip what later versions append
 * 10 CURRENT            userKey, raw                a live key's newest version:
 *                                                     headerLength(1) = 33: bytes from here to the value, later
 *                                                     versions only extend it, encoding(1): 0 = plain,
 *                                                     createRevision(8), modRevision(8), version(8), lease(8), value
 * 20 HISTORY            -                           reserved: superseded versions
 * 30 EVENT              -                           reserved: runs of changes, for watches
 * 40 LEASE              -                           reserved: leaseId → its terms
 * 41 LEASE_KEY          -                           reserved: leaseId · userKey → nothing
 * 50 SESSION            sessionId(8)                an open session:
 *                                                     format(1) = 1, nonce(16), ttlMs(8), lastActiveLogTimeMs(8),
 *                                                     lowestUnanswered(8), replyCount(4), then each kept reply:
 *                                                       sequence - lowestUnanswered(4), commandHash(8), place(1),
 *                                                       place 0: resultLength(4), result
 *                                                       place 1: resultLength(4), hash of the result(16)
 * 51 SESSION_RESULT     sessionId(8), sequence(8)   the result of a kept reply with place 1
 * </pre>
 */
final class StateKeys {
    /** The key of the one META row. */
    static final Bytes META = Bytes.of(new byte[] {0x00});

    private static final byte KIND_CURRENT = 0x10;
    private static final byte KIND_SESSION = 0x50;
    private static final byte KIND_SESSION_RESULT = 0x51;
    private static final int KIND_BYTES = 1;

    /** The bounds of all CURRENT rows. */
    static final Bytes CURRENT_FIRST = Bytes.of(new byte[] {KIND_CURRENT});

    static final Bytes CURRENT_END = Bytes.of(new byte[] {KIND_CURRENT + 1});

    /** The bounds of all SESSION rows. */
    static final Bytes SESSION_FIRST = Bytes.of(new byte[] {KIND_SESSION});

    static final Bytes SESSION_END = Bytes.of(new byte[] {KIND_SESSION + 1});

    /** The bounds of all SESSION_RESULT rows. */
    static final Bytes SESSION_RESULT_FIRST = Bytes.of(new byte[] {KIND_SESSION_RESULT});

    static final Bytes SESSION_RESULT_END = Bytes.of(new byte[] {KIND_SESSION_RESULT + 1});

    static final int NONCE_BYTES = 16;

    private static final int FORMAT = 1;
    private static final int META_FIXED_BYTES = 89;
    private static final int CURRENT_HEADER_LENGTH = 33;
    private static final int ENCODING_PLAIN = 0;
    private static final int SESSION_FIXED_BYTES = 45;
    private static final int EXPECTED_REPLY_BYTES = 32;
    private static final int PLACE_INLINE = 0;
    private static final int PLACE_APART = 1;

    private StateKeys() {}

    // META

    static Bytes encodeMeta(MetaRow meta) {
        BytesWriter out =
                new BytesWriter(META_FIXED_BYTES + meta.configuration().length());
        out.putByte(FORMAT).putLong(meta.groupId());
        out.putLong(meta.applied().term()).putLong(meta.applied().index());
        out.putLong(meta.revision()).putLong(meta.compactedRevision());
        out.putInt(meta.featureLevel()).putLong(meta.lastLogTimeMs());
        putHash(out, meta.rowSum());
        putHash(out, meta.chain());
        return out.putSized(meta.configuration()).toBytes();
    }

    /** @throws DamagedException if the bytes are no META row */
    static MetaRow decodeMeta(Bytes value) {
        BytesReader in = new BytesReader(value);
        requireFormat(in, "META");
        return new MetaRow(
                in.readLong(),
                new EntryId(in.readLong(), in.readLong()),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                readHash(in),
                readHash(in),
                in.readSized());
    }

    // CURRENT

    static Bytes current(ByteString userKey) {
        byte[] key = new byte[KIND_BYTES + userKey.size()];
        key[0] = KIND_CURRENT;
        userKey.copyTo(key, KIND_BYTES);
        return Bytes.of(key);
    }

    /** The user's key in a CURRENT row's key. */
    static Bytes userKey(Bytes rowKey) {
        return rowKey.slice(KIND_BYTES);
    }

    static Bytes encodeCurrent(KeyRevisions revisions, ByteString value) {
        int valueAt = 1 + CURRENT_HEADER_LENGTH;
        ByteBuffer row = ByteBuffer.allocate(valueAt + value.size());
        row.put((byte) CURRENT_HEADER_LENGTH).put((byte) ENCODING_PLAIN);
        row.putLong(revisions.createRevision()).putLong(revisions.modRevision());
        row.putLong(revisions.version()).putLong(revisions.lease());
        value.copyTo(row.array(), valueAt);
        return Bytes.of(row.array());
    }

    /** @throws DamagedException if the bytes are no CURRENT row */
    static CurrentRow decodeCurrent(Bytes value) {
        BytesReader in = new BytesReader(value);
        int headerLength = in.readByte() & 0xff;
        int encoding = in.readByte();
        if (headerLength < CURRENT_HEADER_LENGTH
                || headerLength >= value.length()
                || encoding != ENCODING_PLAIN) {
            throw new DamagedException("CURRENT row of %d bytes with a header of %d and encoding %d"
                    .formatted(value.length(), headerLength, encoding));
        }
        KeyRevisions revisions =
                new KeyRevisions(in.readLong(), in.readLong(), in.readLong(), in.readLong());
        return new CurrentRow(revisions, value.slice(1 + headerLength));
    }

    // SESSION

    static Bytes session(long sessionId) {
        return new BytesWriter(KIND_BYTES + Long.BYTES)
                .putByte(KIND_SESSION)
                .putLong(sessionId)
                .toBytes();
    }

    /** The session's id in a SESSION row's key. */
    static long sessionId(Bytes rowKey) {
        return rowKey.longAt(KIND_BYTES);
    }

    static Bytes encodeSession(SessionRow session) {
        BytesWriter out = new BytesWriter(
                SESSION_FIXED_BYTES + session.replies().size() * EXPECTED_REPLY_BYTES);
        out.putByte(FORMAT).put(session.nonce());
        out.putLong(session.ttlMs()).putLong(session.lastActiveLogTimeMs());
        out.putLong(session.lowestUnanswered()).putInt(session.replies().size());
        for (KeptReply reply : session.replies()) {
            out.putInt((int) (reply.sequence() - session.lowestUnanswered()));
            out.putLong(reply.commandHash());
            if (reply instanceof KeptReply.Inline inline) {
                out.putByte(PLACE_INLINE).putSized(inline.result());
            } else {
                out.putByte(PLACE_APART).putInt(reply.resultBytes());
                putHash(out, reply.resultHash());
            }
        }
        return out.toBytes();
    }

    /** @throws DamagedException if the bytes are no SESSION row */
    static SessionRow decodeSession(Bytes value) {
        BytesReader in = new BytesReader(value);
        requireFormat(in, "SESSION");
        Bytes nonce = in.read(NONCE_BYTES).compact();
        long ttlMs = in.readLong();
        long lastActiveLogTimeMs = in.readLong();
        long lowestUnanswered = in.readLong();
        int replyCount = in.readInt();
        List<KeptReply> replies = new ArrayList<>();
        for (int i = 0; i < replyCount; i++) {
            replies.add(readReply(in, lowestUnanswered));
        }
        return new SessionRow(nonce, ttlMs, lastActiveLogTimeMs, lowestUnanswered, replies);
    }

    private static KeptReply readReply(BytesReader in, long lowestUnanswered) {
        long sequence = lowestUnanswered + in.readInt();
        long commandHash = in.readLong();
        int place = in.readByte();
        return switch (place) {
            case PLACE_INLINE ->
                new KeptReply.Inline(sequence, commandHash, in.readSized().compact());
            case PLACE_APART -> {
                int resultBytes = in.readInt();
                yield new KeptReply.Apart(sequence, commandHash, readHash(in), resultBytes);
            }
            default ->
                throw new DamagedException(
                        "kept reply %d in unknown place %d".formatted(sequence, place));
        };
    }

    // SESSION_RESULT

    static Bytes sessionResult(long sessionId, long sequence) {
        return new BytesWriter(KIND_BYTES + 2 * Long.BYTES)
                .putByte(KIND_SESSION_RESULT)
                .putLong(sessionId)
                .putLong(sequence)
                .toBytes();
    }

    private static void requireFormat(BytesReader in, String kind) {
        int format = in.readByte();
        if (format > FORMAT) {
            throw new UpgradeNeededException(
                    "%s row of format %d, this program reads %d".formatted(kind, format, FORMAT));
        }
        if (format != FORMAT) {
            throw new DamagedException("%s row of format %d".formatted(kind, format));
        }
    }

    private static void putHash(BytesWriter out, Hash128 hash) {
        out.putLong(hash.high()).putLong(hash.low());
    }

    private static Hash128 readHash(BytesReader in) {
        return new Hash128(in.readLong(), in.readLong());
    }
}
