package io.kvd.bench.workload;

import io.kvd.core.base.Bytes;

import java.util.SplittableRandom;

/**
 * Values of one size that don't compress, and of which hardly two are the same: each is a random part of a megabyte of
 * random bytes, so that none has to be made. Immutable.
 */
public final class Values {
    private static final int SPARE_BYTES = 1 << 20;

    private final byte[] bytes;
    private final int size;

    public Values(int size, long seed) {
        this.size = size;
        this.bytes = new byte[size + SPARE_BYTES];
        new SplittableRandom(seed).nextBytes(bytes);
    }

    public int size() {
        return size;
    }

    Bytes next(SplittableRandom random) {
        return Bytes.of(bytes, random.nextInt(SPARE_BYTES), size);
    }
}
