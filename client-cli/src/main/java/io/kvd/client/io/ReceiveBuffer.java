package io.kvd.client.io;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** Cuts what one connection receives into the magic and frames. Frames are views that the next {@link #readFrom} ends. */
final class ReceiveBuffer {
    /** More than any server answers with in one frame: a length above it is not a length. */
    static final int MAX_FRAME_BYTES = 64 << 20;

    private static final int INITIAL_BYTES = 16 << 10;
    private static final int KEPT_BYTES = 1 << 20;

    private byte[] array = new byte[INITIAL_BYTES];
    private int from;
    private int to;

    /** Reads what is there, at most once around the buffer; whether the other side is still there. */
    boolean readFrom(ReadableByteChannel channel) throws IOException {
        makeRoom();
        int read = channel.read(ByteBuffer.wrap(array, to, array.length - to));
        if (read > 0) {
            to += read;
        }
        return read >= 0;
    }

    /** Takes the magic off; whether it is complete. @throws IOException if the other side sends something else */
    boolean takeMagic() throws IOException {
        int length = Math.min(Wire.MAGIC.length(), to - from);
        if (!Bytes.of(array, from, length).equals(Wire.MAGIC.slice(0, length))) {
            throw new IOException("it is not a kvd server: it answers with something else");
        }
        if (length < Wire.MAGIC.length()) {
            return false;
        }
        from += length;
        return true;
    }

    /** The body of the next frame if it is complete. @throws IOException if its length can't be */
    Optional<Bytes> takeFrame() throws IOException {
        if (to - from < Wire.FRAME_LENGTH_BYTES) {
            return Optional.empty();
        }
        int length = frameLength();
        if (to - from - Wire.FRAME_LENGTH_BYTES < length) {
            return Optional.empty();
        }
        Bytes frame = Bytes.of(array, from + Wire.FRAME_LENGTH_BYTES, length);
        from += Wire.FRAME_LENGTH_BYTES + length;
        return Optional.of(frame);
    }

    private int frameLength() throws IOException {
        int length = (array[from] & 0xff) << 24
                | (array[from + 1] & 0xff) << 16
                | (array[from + 2] & 0xff) << 8
                | (array[from + 3] & 0xff);
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw new IOException(
                    "it sends a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        return length;
    }

    /** Moves what is left to the front, in an array that holds the whole next frame. */
    private void makeRoom() throws IOException {
        int length = to - from;
        int wanted = INITIAL_BYTES;
        if (length >= Wire.FRAME_LENGTH_BYTES) {
            wanted = Math.max(wanted, Wire.FRAME_LENGTH_BYTES + frameLength());
        }
        boolean tooSmall = wanted > array.length;
        boolean tooLarge =
                array.length > KEPT_BYTES && wanted <= KEPT_BYTES && length <= KEPT_BYTES;
        byte[] roomy = tooSmall || tooLarge ? new byte[Math.max(wanted, length)] : array;
        System.arraycopy(array, from, roomy, 0, length);
        array = roomy;
        from = 0;
        to = length;
    }
}
