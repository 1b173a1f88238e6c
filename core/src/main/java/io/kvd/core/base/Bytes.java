package io.kvd.core.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable view of a byte string: an array, an offset and a length. Compares by content, unsigned and
 * lexicographic, as the stores order keys. The array is never written to after a view of it exists, so views are
 * shared between threads and sliced without copying. Integers inside are big-endian.
 */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private static final int MAX_PRINTED_BYTES = 64;

    /** Apart, since making a handle takes a tenth of a short command's time, and kvctl reads no integers. */
    private static final class BigEndian {
        static final VarHandle INT =
                MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
        static final VarHandle LONG =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

        private BigEndian() {}
    }

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** A view of the whole array, which the caller gives away: it must not be written to any more. */
    public static Bytes of(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
    }

    /** A view of {@code length} bytes from {@code offset}; the caller gives the array away. */
    public static Bytes of(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return new Bytes(array, offset, length);
    }

    /** The UTF-8 bytes of the text. */
    public static Bytes utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** The array behind the view, for readers that take (array, offset, length); never to be written to. */
    public byte[] array() {
        return array;
    }

    /** Where this view begins in {@link #array()}. */
    public int offset() {
        return offset;
    }

    public byte byteAt(int index) {
        return array[offset + Objects.checkIndex(index, length)];
    }

    public int intAt(int index) {
        Objects.checkFromIndexSize(index, Integer.BYTES, length);
        return (int) BigEndian.INT.get(array, offset + index);
    }

    public long longAt(int index) {
        Objects.checkFromIndexSize(index, Long.BYTES, length);
        return (long) BigEndian.LONG.get(array, offset + index);
    }

    /** The bytes {@code from} (inclusive) to {@code to} (exclusive), sharing this array. */
    public Bytes slice(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return new Bytes(array, offset + from, to - from);
    }

    /** The bytes from {@code from} to the end, sharing this array. */
    public Bytes slice(int from) {
        return slice(from, length);
    }

    public boolean startsWith(Bytes prefix) {
        return length >= prefix.length && slice(0, prefix.length).equals(prefix);
    }

    /** A copy that the caller owns. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** This view if it spans its whole array, else a copy that does: for values kept long after their frame. */
    public Bytes compact() {
        return length == array.length ? this : of(toArray());
    }

    public String toUtf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    public String toHex() {
        StringBuilder hex = new StringBuilder(length * 2);
        for (int i = 0; i < length; i++) {
            hex.append(Character.forDigit((byteAt(i) >> 4) & 0xf, 16))
                    .append(Character.forDigit(byteAt(i) & 0xf, 16));
        }
        return hex.toString();
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(
                array,
                offset,
                offset + length,
                other.array,
                other.offset,
                other.offset + other.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(
                        array,
                        offset,
                        offset + length,
                        that.array,
                        that.offset,
                        that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** Length and the first bytes in hexadecimal; for messages, not for parsing. */
    @Override
    public String toString() {
        return length <= MAX_PRINTED_BYTES
                ? "0x" + toHex()
                : "0x" + slice(0, MAX_PRINTED_BYTES).toHex() + "...(" + length + " bytes)";
    }
}
