package io.kvd.core.codec;

import io.kvd.core.base.Bytes;

/**
 * What both ends of a connection agree on before they said a word (docs/protocol.md). The dialler sends
 * {@link #MAGIC} and one frame with a {@code Handshake}; the listener answers with the same magic and one frame with
 * a {@code HandshakeReply}; from then on both send frames. A frame is a body's length as 4 bytes, big-endian and not
 * counting themselves, then the body.
 */
public final class Wire {
    /**
     * The first bytes in each direction. Not text, and broken by every transfer that touches line ends, the eighth
     * bit or the DOS end-of-file, so that another protocol's first packet is never taken for ours.
     */
    public static final Bytes MAGIC =
            Bytes.of(new byte[] {(byte) 0x89, 'K', 'V', 'D', '\r', '\n', 0x1a, '\n'});

    /** The versions of the protocol that this program speaks, both inclusive. */
    public static final int MIN_VERSION = 1;

    public static final int MAX_VERSION = 1;

    /** Optional abilities of this program: none yet. */
    public static final long FEATURE_BITS = 0;

    /** The length before each body. */
    public static final int FRAME_LENGTH_BYTES = Integer.BYTES;

    /** The largest body before the handshake is done. Who is not known yet may make us keep no more than this. */
    public static final int MAX_HANDSHAKE_BYTES = 64 << 10;

    /**
     * What a client's frame may be larger than the largest request: a request a little over the limit is still read,
     * and answered with the limit and its size, instead of costing the connection.
     */
    public static final int CLIENT_FRAME_SLACK_BYTES = 64 << 10;

    /** The header of one message in a peer frame. The largest is a {@code ReadIndexRequest} for many reads. */
    public static final int MAX_PEER_HEADER_BYTES = 1 << 20;

    /** The largest body on a peer connection: an entry of the largest size, its header, and room to grow. */
    public static final int MAX_PEER_FRAME_BYTES = (64 << 20) + 4 * MAX_PEER_HEADER_BYTES;

    /** Cluster ids and store ids. */
    public static final int ID_BYTES = 16;

    private Wire() {}
}
