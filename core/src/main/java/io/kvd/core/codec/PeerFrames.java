package io.kvd.core.codec;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesReader;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Check;
import io.kvd.core.base.Crc32c;
import io.kvd.core.base.DamagedException;

import java.util.ArrayList;
import java.util.List;

/**
 * Frames between nodes. All big-endian:
 *
 * <pre>
 * 4 bytes  length of the body
 * 4        crc32c of the rest of the body without what is attached, which has checksums of its own
 * 2        number of payloads, then for each:
 *   4      headerBytes
 *   4      attachedBytes, 0 unless it is an AppendEntries with entries or a chunk of a snapshot
 *   ...    header, a PeerMessage
 *   ...    what is attached, raw: entries (EntryFormat), or a part of a file
 * </pre>
 *
 * The writer copies headers only; entries leave as the slices of memory that the log was written from. Without the
 * checksum, one flipped bit that TCP's 16-bit sum misses could acknowledge what is on no disk.
 */
public final class PeerFrames {
    /** A frame that has reached this size is ended: the receiver starts with it while the next one is on its way. */
    static final int TARGET_FRAME_BYTES = 1 << 20;

    /** All headers of one frame. Bounds what a hostile frame makes of few bytes when it is parsed. */
    static final int MAX_HEADERS_BYTES = 4 * Wire.MAX_PEER_HEADER_BYTES;

    static final int MAX_PAYLOADS = 0xffff;

    private static final int CRC_BYTES = Integer.BYTES;
    private static final int COUNT_BYTES = Short.BYTES;
    private static final int LENGTHS_BYTES = 2 * Integer.BYTES;

    private PeerFrames() {}

    /** About how many bytes the payload takes in a frame, without encoding it: what queues are bounded by. */
    public static int estimatedBytes(PeerPayload payload) {
        return LENGTHS_BYTES
                + MessageCodec.estimatedHeaderBytes(payload)
                + sizeBytes(MessageCodec.attached(payload));
    }

    /** Whether the payload carries entries, or bytes of a snapshot. */
    public static boolean isBulk(PeerPayload payload) {
        return !MessageCodec.attached(payload).isEmpty();
    }

    /**
     * The payloads in the order given, as one or more frames with their lengths: the pieces to be written one after
     * the other. What is attached is not copied.
     */
    public static List<Bytes> encode(List<PeerPayload> payloads) {
        List<Encoded> encoded = new ArrayList<>(payloads.size());
        for (PeerPayload payload : payloads) {
            encoded.add(Encoded.of(payload));
        }
        List<Bytes> pieces = new ArrayList<>(2 * payloads.size());
        int from = 0;
        while (from < encoded.size()) {
            int to = endOfFrame(encoded, from);
            writeFrame(encoded.subList(from, to), pieces);
            from = to;
        }
        return pieces;
    }

    /** As many payloads as one frame takes, but at least one. */
    private static int endOfFrame(List<Encoded> encoded, int from) {
        int to = from;
        long headersBytes = 0;
        long bodyBytes = CRC_BYTES + COUNT_BYTES;
        while (to < encoded.size() && to - from < MAX_PAYLOADS) {
            Encoded next = encoded.get(to);
            headersBytes += next.header().length();
            bodyBytes += next.sizeBytes();
            if (to > from && (bodyBytes > TARGET_FRAME_BYTES || headersBytes > MAX_HEADERS_BYTES)) {
                break;
            }
            to++;
        }
        return to;
    }

    /** All but what is attached goes into one array, which is cut where that stands between. */
    private static void writeFrame(List<Encoded> frame, List<Bytes> pieces) {
        int headBytes = Wire.FRAME_LENGTH_BYTES + CRC_BYTES + COUNT_BYTES;
        int bodyBytes = CRC_BYTES + COUNT_BYTES;
        for (Encoded payload : frame) {
            headBytes += LENGTHS_BYTES + payload.header().length();
            bodyBytes = Math.addExact(bodyBytes, payload.sizeBytes());
        }
        Check.that(bodyBytes <= Wire.MAX_PEER_FRAME_BYTES, "peer frame of %d bytes", bodyBytes);
        BytesWriter heads = new BytesWriter(headBytes);
        heads.putInt(bodyBytes).putInt(0);
        heads.putByte(frame.size() >>> Byte.SIZE).putByte(frame.size());
        for (Encoded payload : frame) {
            heads.putInt(payload.header().length())
                    .putInt(payload.attachedBytes())
                    .put(payload.header());
        }
        Bytes covered = heads.written(Wire.FRAME_LENGTH_BYTES + CRC_BYTES);
        heads.setInt(Wire.FRAME_LENGTH_BYTES, new Crc32c().update(covered).value());
        interleave(heads.toBytes(), frame, pieces);
    }

    private static void interleave(Bytes heads, List<Encoded> frame, List<Bytes> pieces) {
        int from = 0;
        int to = Wire.FRAME_LENGTH_BYTES + CRC_BYTES + COUNT_BYTES;
        for (Encoded payload : frame) {
            to += LENGTHS_BYTES + payload.header().length();
            if (!payload.attached().isEmpty()) {
                pieces.add(heads.slice(from, to));
                from = to;
                pieces.addAll(payload.attached());
            }
        }
        if (from < to) {
            pieces.add(heads.slice(from, to));
        }
    }

    /**
     * Reads a frame's body; what is attached shares its array.
     *
     * @throws DamagedException if anything in it is wrong
     */
    public static List<PeerPayload> decode(Bytes body) {
        BytesReader in = new BytesReader(body);
        int stored = in.readInt();
        Crc32c crc = new Crc32c();
        List<Part> parts = split(in, crc);
        if (crc.value() != stored) {
            throw new DamagedException("a frame with checksum %08x, its bytes have %08x"
                    .formatted(stored, crc.value()));
        }
        List<PeerPayload> payloads = new ArrayList<>(parts.size());
        for (Part part : parts) {
            payloads.add(MessageCodec.decode(part.header(), part.attached()));
        }
        return payloads;
    }

    /** One payload's bytes. */
    private record Part(Bytes header, Bytes attached) {}

    private static List<Part> split(BytesReader in, Crc32c crc) {
        Bytes countBytes = in.read(COUNT_BYTES);
        crc.update(countBytes);
        int count = ((countBytes.byteAt(0) & 0xff) << Byte.SIZE) | (countBytes.byteAt(1) & 0xff);
        // The count is the sender's word; the bytes that it would take are at hand.
        if ((long) count * LENGTHS_BYTES > in.remaining()) {
            throw new DamagedException(
                    "%d messages in a frame of %d bytes".formatted(count, in.remaining()));
        }
        List<Part> parts = new ArrayList<>(count);
        int headersBytes = 0;
        for (int i = 0; i < count; i++) {
            Bytes lengths = in.read(LENGTHS_BYTES);
            crc.update(lengths);
            int headerBytes = lengths.intAt(0);
            if (headerBytes < 0 || headerBytes > Wire.MAX_PEER_HEADER_BYTES) {
                throw new DamagedException("a message header of %d bytes".formatted(headerBytes));
            }
            headersBytes += headerBytes;
            if (headersBytes > MAX_HEADERS_BYTES) {
                throw new DamagedException(
                        "more than %d bytes of message headers".formatted(MAX_HEADERS_BYTES));
            }
            Bytes header = in.read(headerBytes);
            crc.update(header);
            parts.add(new Part(header, in.read(lengths.intAt(Integer.BYTES))));
        }
        if (in.remaining() != 0) {
            throw new DamagedException(
                    "%d bytes behind the last message".formatted(in.remaining()));
        }
        return parts;
    }

    /** What the checksum of this body would have to be. */
    static int checksum(Bytes body) {
        BytesReader in = new BytesReader(body);
        in.readInt();
        Crc32c crc = new Crc32c();
        split(in, crc);
        return crc.value();
    }

    private static int sizeBytes(List<Bytes> attached) {
        int bytes = 0;
        for (Bytes piece : attached) {
            bytes = Math.addExact(bytes, piece.length());
        }
        return bytes;
    }

    private record Encoded(Bytes header, List<Bytes> attached, int attachedBytes) {
        static Encoded of(PeerPayload payload) {
            Bytes header = MessageCodec.encodeHeader(payload);
            Check.that(
                    header.length() <= Wire.MAX_PEER_HEADER_BYTES,
                    "message header of %d bytes",
                    header.length());
            List<Bytes> attached = MessageCodec.attached(payload);
            return new Encoded(header, attached, PeerFrames.sizeBytes(attached));
        }

        int sizeBytes() {
            return Math.addExact(LENGTHS_BYTES + header.length(), attachedBytes);
        }
    }
}
