package io.kvd.core.base;

/** Reads a byte string front to back; running past its end is {@link DamagedException}, never a wrong value. */
public final class BytesReader {
    private final Bytes bytes;
    private int position;

    public BytesReader(Bytes bytes) {
        this.bytes = bytes;
    }

    public int remaining() {
        return bytes.length() - position;
    }

    public int position() {
        return position;
    }

    public byte readByte() {
        return bytes.byteAt(advance(1));
    }

    public int readInt() {
        return bytes.intAt(advance(Integer.BYTES));
    }

    public long readLong() {
        return bytes.longAt(advance(Long.BYTES));
    }

    /** The next {@code length} bytes, sharing the array. */
    public Bytes read(int length) {
        int from = advance(length);
        return bytes.slice(from, from + length);
    }

    /** A length of 4 bytes, then so many bytes. */
    public Bytes readSized() {
        return read(readInt());
    }

    private int advance(int length) {
        if (length < 0 || length > remaining()) {
            throw new DamagedException("bytes end early: wanted %d at %d of %d"
                    .formatted(length, position, bytes.length()));
        }
        int from = position;
        position += length;
        return from;
    }
}
