package io.kvd.core.raft;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Check;
import io.kvd.core.base.Crc32c;
import io.kvd.core.base.DamagedException;

/**
 * An entry's bytes, the same in memory, on disk and on the wire. All big-endian:
 *
 * <pre>
 * offset size field
 *      0    4 crc32c of groupId(8) ‖ everything after this field; the groupId itself is not stored
 *      4    1 headerLength: bytes from here (exclusive) to the payload; later versions may only extend it
 *      5    1 kind
 *      6    1 encoding of the payload: 0 = plain
 *      7    8 term
 *     15    8 index
 *     23    8 logTimeMs
 *     31    8 wallTimeMs
 *     39    8 sessionId
 *     47    8 sequence
 *     55    4 sequence - lowestUnanswered
 *     59    4 principal
 *     63    4 payloadLength
 *     67      payload
 * </pre>
 */
public final class EntryFormat {
    /** Bytes before the payload, as this version writes them. */
    public static final int HEADER_BYTES = 67;

    /** The largest payload: what a frame and a run can carry beside headers. */
    public static final int MAX_PAYLOAD_BYTES = 64 << 20;

    private static final int CRC_BYTES = 4;
    private static final int HEADER_LENGTH_AT = 4;
    private static final int KIND_AT = 5;
    private static final int ENCODING_AT = 6;
    private static final int TERM_AT = 7;
    private static final int INDEX_AT = 15;
    private static final int LOG_TIME_AT = 23;
    private static final int WALL_TIME_AT = 31;
    private static final int SESSION_ID_AT = 39;
    private static final int SEQUENCE_AT = 47;
    private static final int LOWEST_UNANSWERED_AT = 55;
    private static final int PRINCIPAL_AT = 59;
    private static final int PAYLOAD_LENGTH_AT = 63;
    private static final int HEADER_LENGTH = HEADER_BYTES - KIND_AT;
    private static final int ENCODING_PLAIN = 0;

    private EntryFormat() {}

    /** How many bytes an entry with this payload takes. */
    public static int encodedBytes(Bytes payload) {
        return HEADER_BYTES + payload.length();
    }

    /** Appends the entry's bytes, checksum included. */
    public static void write(long groupId, Entry entry, BytesWriter out) {
        Entry.Origin origin = entry.origin();
        long delta = origin.sequence() - origin.lowestUnanswered();
        Check.that(delta >= 0 && delta <= Integer.MAX_VALUE, "lowestUnanswered %s", origin);
        Check.that(
                entry.payload().length() <= MAX_PAYLOAD_BYTES,
                "payload of %d",
                entry.payload().length());
        int start = out.length();
        out.putInt(0).putByte(HEADER_LENGTH).putByte(entry.kind().code()).putByte(ENCODING_PLAIN);
        out.putLong(entry.term()).putLong(entry.index());
        out.putLong(entry.stamp().logTimeMs()).putLong(entry.stamp().wallTimeMs());
        out.putLong(origin.sessionId()).putLong(origin.sequence()).putInt((int) delta);
        out.putInt(origin.principal()).putInt(entry.payload().length()).put(entry.payload());
        out.setInt(start, crc(groupId, out.written(start + CRC_BYTES)));
    }

    /**
     * How many bytes the entry at {@code at} takes, by its header.
     *
     * @throws DamagedException if no whole entry can begin there
     */
    static int lengthAt(Bytes run, int at) {
        int remaining = run.length() - at;
        if (remaining < HEADER_BYTES) {
            throw new DamagedException("entry header cut off: %d bytes left".formatted(remaining));
        }
        int headerLength = run.byteAt(at + HEADER_LENGTH_AT) & 0xff;
        int payloadLength = run.intAt(at + PAYLOAD_LENGTH_AT);
        if (headerLength < HEADER_LENGTH
                || payloadLength < 0
                || payloadLength > MAX_PAYLOAD_BYTES) {
            throw new DamagedException("entry header of %d bytes, payload of %d"
                    .formatted(headerLength, payloadLength));
        }
        long length = (long) KIND_AT + headerLength + payloadLength;
        if (length > remaining) {
            throw new DamagedException(
                    "entry of %d bytes cut off at %d".formatted(length, remaining));
        }
        return (int) length;
    }

    /** @throws DamagedException if the checksum over group and bytes is not the stored one */
    static void checkCrc(long groupId, Bytes entry) {
        int stored = entry.intAt(0);
        int actual = crc(groupId, entry.slice(CRC_BYTES));
        if (stored != actual) {
            throw new DamagedException("entry at index %d: checksum %08x, its bytes have %08x"
                    .formatted(entry.longAt(INDEX_AT), stored, actual));
        }
    }

    static long term(Bytes entry) {
        return entry.longAt(TERM_AT);
    }

    static long index(Bytes entry) {
        return entry.longAt(INDEX_AT);
    }

    static long logTimeMs(Bytes entry) {
        return entry.longAt(LOG_TIME_AT);
    }

    /** @throws DamagedException for a kind or encoding that this version does not know */
    static Entry decode(Bytes entry) {
        int encoding = entry.byteAt(ENCODING_AT);
        if (encoding != ENCODING_PLAIN) {
            throw new DamagedException(
                    "entry encoding %d is not known to this version".formatted(encoding));
        }
        long sequence = entry.longAt(SEQUENCE_AT);
        Entry.Origin origin = new Entry.Origin(
                entry.longAt(SESSION_ID_AT),
                sequence,
                sequence - entry.intAt(LOWEST_UNANSWERED_AT),
                entry.intAt(PRINCIPAL_AT));
        int payloadAt = KIND_AT + (entry.byteAt(HEADER_LENGTH_AT) & 0xff);
        return new Entry(
                new EntryId(term(entry), index(entry)),
                EntryKind.ofCode(entry.byteAt(KIND_AT)),
                new Entry.Stamp(entry.longAt(LOG_TIME_AT), entry.longAt(WALL_TIME_AT)),
                origin,
                entry.slice(payloadAt));
    }

    private static int crc(long groupId, Bytes afterCrc) {
        return new Crc32c().update(groupId).update(afterCrc).value();
    }
}
