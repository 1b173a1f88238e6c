package io.kvd.core.base;

import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli) of big-endian values and byte strings, in the order given. Owned by one thread. */
public final class Crc32c {
    private final CRC32C crc = new CRC32C();

    public Crc32c update(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            crc.update((int) (value >>> shift));
        }
        return this;
    }

    public Crc32c update(Bytes bytes) {
        crc.update(bytes.array(), bytes.offset(), bytes.length());
        return this;
    }

    public int value() {
        return (int) crc.getValue();
    }
}
