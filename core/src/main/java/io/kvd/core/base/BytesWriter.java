package io.kvd.core.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Builds a byte string, big-endian, in an array that grows. Owned by one thread; {@link #toBytes} ends its use. */
public final class BytesWriter {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] array;
    private int length;

    public BytesWriter(int expectedBytes) {
        this.array = new byte[Math.max(16, expectedBytes)];
    }

    public int length() {
        return length;
    }

    public BytesWriter putByte(int value) {
        ensure(1);
        array[length++] = (byte) value;
        return this;
    }

    public BytesWriter putInt(int value) {
        ensure(Integer.BYTES);
        INT.set(array, length, value);
        length += Integer.BYTES;
        return this;
    }

    public BytesWriter putLong(long value) {
        ensure(Long.BYTES);
        LONG.set(array, length, value);
        length += Long.BYTES;
        return this;
    }

    /** The bytes as they are, without a length. */
    public BytesWriter put(Bytes value) {
        ensure(value.length());
        System.arraycopy(value.array(), value.offset(), array, length, value.length());
        length += value.length();
        return this;
    }

    /** A length of 4 bytes, then the bytes. */
    public BytesWriter putSized(Bytes value) {
        return putInt(value.length()).put(value);
    }

    /** Overwrites 4 bytes written earlier at {@code index}. */
    public BytesWriter setInt(int index, int value) {
        Check.that(
                index >= 0 && index + Integer.BYTES <= length, "setInt at %d of %d", index, length);
        INT.set(array, index, value);
        return this;
    }

    /** What was written from {@code from} on, as a view that later writes may detach from: for checksums. */
    public Bytes written(int from) {
        return Bytes.of(array, from, length - from);
    }

    /** What was written, without a copy; the writer must not be used afterwards. */
    public Bytes toBytes() {
        return Bytes.of(array, 0, length);
    }

    private void ensure(int more) {
        if (array.length - length < more) {
            array = Arrays.copyOf(array, Math.max(Math.addExact(length, more), array.length * 2));
        }
    }
}
