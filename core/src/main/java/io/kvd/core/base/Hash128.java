package io.kvd.core.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 128-bit hash, to tell states apart that differ by accident; not against an adversary. The function is
 * MurmurHash3_x64_128 by Austin Appleby, who placed it in the public domain; its seed is widened to the 128 bits of
 * the hash before, so that hashes chain: {@code of(a).then(b)} tells (a, b) from any other split of the same bytes.
 *
 * <p>As a number, {@code high} is the function's first word. Numbers add and subtract modulo 2^128, for sums over rows
 * in any order.
 */
public record Hash128(long high, long low) {
    /** The sum of nothing, and the seed 0. */
    public static final Hash128 ZERO = new Hash128(0, 0);

    /** How long {@link #toBytes} is. */
    public static final int BYTES = 16;

    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;

    /** The hash of the bytes with seed 0. */
    public static Hash128 of(Bytes bytes) {
        return ZERO.then(bytes);
    }

    /** Reads what {@link #toBytes} wrote. */
    public static Hash128 fromBytes(Bytes bytes) {
        Check.that(bytes.length() == BYTES, "a hash of %d bytes", bytes.length());
        return new Hash128(bytes.longAt(0), bytes.longAt(Long.BYTES));
    }

    /** The hash of the bytes with this hash as the seed. */
    public Hash128 then(Bytes bytes) {
        byte[] array = bytes.array();
        int at = bytes.offset();
        int end = at + bytes.length();
        long h1 = high;
        long h2 = low;
        for (; at <= end - BYTES; at += BYTES) {
            h1 ^= mix1((long) LITTLE_ENDIAN_LONG.get(array, at));
            h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= mix2((long) LITTLE_ENDIAN_LONG.get(array, at + Long.BYTES));
            h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }
        int tail = end - at;
        h2 ^= mix2(littleEndian(array, at + Long.BYTES, tail - Long.BYTES));
        h1 ^= mix1(littleEndian(array, at, Math.min(tail, Long.BYTES)));
        return finished(h1, h2, bytes.length());
    }

    /** The hash of the number's 8 bytes, little-endian, with this hash as the seed. */
    public Hash128 then(long value) {
        return finished(high ^ mix1(value), low, Long.BYTES);
    }

    /** The sum modulo 2^128. */
    public Hash128 plus(Hash128 other) {
        long sum = low + other.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new Hash128(high + other.high + carry, sum);
    }

    /** The difference modulo 2^128. */
    public Hash128 minus(Hash128 other) {
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        return new Hash128(high - other.high - borrow, low - other.low);
    }

    /** 16 bytes, big-endian. */
    public Bytes toBytes() {
        return new BytesWriter(BYTES).putLong(high).putLong(low).toBytes();
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return toBytes().toHex();
    }

    private static long mix1(long k) {
        return Long.rotateLeft(k * C1, 31) * C2;
    }

    private static long mix2(long k) {
        return Long.rotateLeft(k * C2, 33) * C1;
    }

    /** The last {@code count} bytes as a number; 0 if there are none, which mixes to 0 and so changes nothing. */
    private static long littleEndian(byte[] array, int at, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = (value << Byte.SIZE) | (array[at + i] & 0xff);
        }
        return value;
    }

    private static Hash128 finished(long words1, long words2, long length) {
        long h1 = words1 ^ length;
        long h2 = words2 ^ length;
        h1 += h2;
        h2 += h1;
        h1 = avalanched(h1);
        h2 = avalanched(h2);
        h1 += h2;
        return new Hash128(h1, h2 + h1);
    }

    private static long avalanched(long word) {
        long k = word;
        k = (k ^ (k >>> 33)) * 0xff51afd7ed558ccdL;
        k = (k ^ (k >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return k ^ (k >>> 33);
    }
}
