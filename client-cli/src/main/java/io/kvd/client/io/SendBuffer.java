package io.kvd.client.io;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;

import io.kvd.core.base.Bytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * What waits to be written to one connection. Frames are encoded where they are sent from, and leave together. Its size
 * is bounded by what the client lets be pending.
 */
final class SendBuffer {
    private static final int INITIAL_BYTES = 8 << 10;

    /** After a large request the array is given back, so that an idle connection costs little. */
    private static final int KEPT_BYTES = 1 << 20;

    /** The JDK copies each write through a buffer that it keeps per thread, as large as the largest write. */
    private static final int MAX_WRITE_BYTES = 256 << 10;

    private byte[] array = new byte[INITIAL_BYTES];
    private int from;
    private int to;
    /** Bytes that were ever put, and that the channel took of them. */
    private long putBytes;

    private long writtenBytes;

    boolean isEmpty() {
        return from == to;
    }

    /** Bytes that were put since the beginning. */
    long putBytes() {
        return putBytes;
    }

    /** How many of them the channel took. */
    long writtenBytes() {
        return writtenBytes;
    }

    void put(Bytes bytes) {
        ensure(bytes.length());
        putBytes += bytes.length();
        System.arraycopy(bytes.array(), bytes.offset(), array, to, bytes.length());
        to += bytes.length();
    }

    /** One frame: the length of the body, then the body. */
    void putFrame(MessageLite body) {
        int length = body.getSerializedSize();
        ensure(Integer.BYTES + length);
        array[to] = (byte) (length >>> 24);
        array[to + 1] = (byte) (length >>> 16);
        array[to + 2] = (byte) (length >>> 8);
        array[to + 3] = (byte) length;
        try {
            body.writeTo(CodedOutputStream.newInstance(array, to + Integer.BYTES, length));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        to += Integer.BYTES + length;
        putBytes += Integer.BYTES + (long) length;
    }

    /** Writes as much as the channel takes now. */
    void writeTo(WritableByteChannel channel) throws IOException {
        while (from < to) {
            int length = Math.min(MAX_WRITE_BYTES, to - from);
            int written = channel.write(ByteBuffer.wrap(array, from, length));
            from += written;
            writtenBytes += written;
            if (written < length) {
                return;
            }
        }
        from = 0;
        to = 0;
        if (array.length > KEPT_BYTES) {
            array = new byte[INITIAL_BYTES];
        }
    }

    private void ensure(int more) {
        if (array.length - to >= more) {
            return;
        }
        int length = to - from;
        int needed = Math.addExact(length, more);
        byte[] roomy =
                needed <= array.length / 2 ? array : new byte[Math.max(needed, array.length * 2)];
        System.arraycopy(array, from, roomy, 0, length);
        array = roomy;
        from = 0;
        to = length;
    }
}
