package io.kvd.bench.micro;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import java.util.SplittableRandom;

/**
 * What puts are made of: uniformly random keys of 14 bytes, and values of 256 that don't compress. One seed, so that
 * all candidates are given the same. Used by one thread at a time.
 */
final class KeysAndValues {
    private static final int VALUE_BYTES = 256;
    private static final int POOL_BYTES = 4 << 20;
    private static final long SEED = 42;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final byte[] pool = new byte[POOL_BYTES];
    private final ByteString[] keys;
    /** A walk over all keys in random order, for those who need each key once. */
    private final int[] order;

    private int next;

    KeysAndValues(int keyCount) {
        random.nextBytes(pool);
        keys = new ByteString[keyCount];
        order = new int[keyCount];
        for (int i = 0; i < keyCount; i++) {
            keys[i] = ByteString.copyFromUtf8("key-%010d".formatted(i));
            int swapped = random.nextInt(i + 1);
            order[i] = order[swapped];
            order[swapped] = i;
        }
    }

    int keyCount() {
        return keys.length;
    }

    ByteString key(int number) {
        return keys[number];
    }

    int randomKey() {
        return random.nextInt(keys.length);
    }

    /** Each key comes once before any comes again. */
    int nextKeyInTurn() {
        next = (next + 1) % order.length;
        return order[next];
    }

    ByteString randomValue() {
        int at = random.nextInt(POOL_BYTES - VALUE_BYTES);
        return UnsafeByteOperations.unsafeWrap(pool, at, VALUE_BYTES);
    }
}
