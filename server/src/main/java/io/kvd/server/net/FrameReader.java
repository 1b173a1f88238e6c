package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Wire;
import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * Cuts what arrives into the magic and frames (see {@link Wire}). A length is shown to the listener before a byte is
 * allocated for the body, and a body that has not arrived takes at most twice what did. Owned by one net thread.
 */
final class FrameReader {
    /** What to do with a body that begins. */
    enum Verdict {
        READ,
        /** Read past it and keep only its first bytes. */
        SKIP,
        /** Ignore everything from here on. */
        STOP
    }

    interface Listener {
        /** The other end speaks another protocol; {@code start} is what it began with. Reading has stopped. */
        void magicWrong(Bytes start);

        /** Judges the length, an unsigned number that the other end chose. */
        Verdict frameBegins(long bodyBytes);

        /**
         * So many more bytes are about to be allocated for the body that is being read. Saying no has the rest of it
         * skipped, and what was read of it dropped.
         */
        boolean bodyGrows(int bytes);

        /** A whole body, in an array of its own. */
        void frame(Bytes body);

        /** A skipped body went by; {@code head} is its first bytes, up to {@link FrameReader#HEAD_BYTES}. */
        void frameSkipped(Bytes head);
    }

    /** How much of a skipped body is kept: a Request's id, which writers put first. */
    static final int HEAD_BYTES = 16;

    /** Allocated at once for a body whose rest is still to come. */
    private static final int FIRST_BODY_BYTES = 16 << 10;

    private enum State {
        MAGIC,
        LENGTH,
        BODY,
        SKIPPED_BODY,
        STOPPED
    }

    private final byte[] fixed = new byte[Math.max(Wire.MAGIC.length(), HEAD_BYTES)];
    private State state = State.MAGIC;
    /** The body so far; its length is that of the part that was allocated. */
    private byte[] body = new byte[0];
    /** Bytes of the magic, the length or the body that were read. */
    private long position;
    /** The body's length, once it is known. */
    private long bodyBytes;

    /** Takes all that is in the buffer, unless it is told to stop. */
    void read(ByteBuf in, Listener listener) {
        while (in.isReadable() && state != State.STOPPED) {
            switch (state) {
                case MAGIC -> readMagic(in, listener);
                case LENGTH -> readLength(in, listener);
                case BODY -> readBody(in, listener);
                case SKIPPED_BODY -> skipBody(in, listener);
                case STOPPED -> throw new AssertionError("stopped");
            }
        }
    }

    /** Ignores whatever comes from now on. */
    void stop() {
        state = State.STOPPED;
        body = new byte[0];
    }

    /** Whether a frame has begun and its end is still to come. */
    boolean inFrame() {
        return (state == State.LENGTH && position > 0)
                || state == State.BODY
                || state == State.SKIPPED_BODY;
    }

    private void readMagic(ByteBuf in, Listener listener) {
        while (in.isReadable() && position < Wire.MAGIC.length()) {
            byte next = in.readByte();
            fixed[(int) position] = next;
            if (next != Wire.MAGIC.byteAt((int) position)) {
                int more = Math.min(in.readableBytes(), fixed.length - (int) position - 1);
                in.readBytes(fixed, (int) position + 1, more);
                Bytes start = Bytes.of(Arrays.copyOf(fixed, (int) position + 1 + more));
                stop();
                listener.magicWrong(start);
                return;
            }
            position++;
        }
        if (position == Wire.MAGIC.length()) {
            become(State.LENGTH);
        }
    }

    private void readLength(ByteBuf in, Listener listener) {
        while (in.isReadable() && position < Wire.FRAME_LENGTH_BYTES) {
            bodyBytes = position == 0 ? 0 : bodyBytes;
            bodyBytes = bodyBytes << Byte.SIZE | in.readUnsignedByte();
            position++;
        }
        if (position < Wire.FRAME_LENGTH_BYTES) {
            return;
        }
        switch (listener.frameBegins(bodyBytes)) {
            case READ -> beginBody(in, listener);
            case SKIP -> become(State.SKIPPED_BODY);
            case STOP -> stop();
        }
        if (state == State.SKIPPED_BODY && bodyBytes == 0) {
            endSkipped(listener);
        }
    }

    private void beginBody(ByteBuf in, Listener listener) {
        become(State.BODY);
        int whole = Math.toIntExact(bodyBytes);
        int first = in.readableBytes() >= whole ? whole : Math.min(whole, FIRST_BODY_BYTES);
        if (!listener.bodyGrows(first)) {
            become(State.SKIPPED_BODY);
            return;
        }
        body = new byte[first];
        if (whole == 0) {
            endBody(listener);
        }
    }

    private void readBody(ByteBuf in, Listener listener) {
        if (position == body.length) {
            long doubled = Math.max(2L * body.length, position + in.readableBytes());
            int grown = (int) Math.min(bodyBytes, doubled);
            if (!listener.bodyGrows(grown - body.length)) {
                skipRest();
                return;
            }
            body = Arrays.copyOf(body, grown);
        }
        int more = Math.min(in.readableBytes(), body.length - (int) position);
        in.readBytes(body, (int) position, more);
        position += more;
        if (position == bodyBytes) {
            endBody(listener);
        }
    }

    /** Drops what was read of the body but its head; what was read is longer than that. */
    private void skipRest() {
        System.arraycopy(body, 0, fixed, 0, HEAD_BYTES);
        body = new byte[0];
        state = State.SKIPPED_BODY;
    }

    private void endBody(Listener listener) {
        Bytes whole = Bytes.of(body);
        body = new byte[0];
        become(State.LENGTH);
        listener.frame(whole);
    }

    private void skipBody(ByteBuf in, Listener listener) {
        int more = (int) Math.min(in.readableBytes(), bodyBytes - position);
        int kept = Math.max(0, Math.min(more, HEAD_BYTES - (int) Math.min(position, HEAD_BYTES)));
        in.readBytes(fixed, (int) Math.min(position, HEAD_BYTES), kept);
        in.skipBytes(more - kept);
        position += more;
        if (position == bodyBytes) {
            endSkipped(listener);
        }
    }

    private void endSkipped(Listener listener) {
        Bytes head = Bytes.of(Arrays.copyOf(fixed, (int) Math.min(bodyBytes, HEAD_BYTES)));
        become(State.LENGTH);
        listener.frameSkipped(head);
    }

    private void become(State next) {
        state = next;
        position = 0;
    }
}
