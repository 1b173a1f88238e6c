package io.kvd.bench.scale;

import io.kvd.client.AsyncKvdClient;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * Keys that have a number and lie scattered over the key space, with values of one size that don't compress. Owned by
 * one thread.
 */
final class NumberedKeys {
    private static final int IN_FLIGHT = 512;
    // The finaliser of MurmurHash3, which is a bijection of 64 bits: no two numbers share a key.
    private static final long MIX_1 = 0xff51afd7ed558ccdL;
    private static final long MIX_2 = 0xc4ceb9fe1a85ec53L;

    private final int valueBytes;
    private final SplittableRandom random;

    NumberedKeys(int valueBytes, long seed) {
        this.valueBytes = valueBytes;
        this.random = new SplittableRandom(seed);
    }

    static Bytes key(long number) {
        long mixed = (number ^ (number >>> 33)) * MIX_1;
        mixed = (mixed ^ (mixed >>> 33)) * MIX_2;
        return Bytes.utf8("%016x".formatted(mixed ^ (mixed >>> 33)));
    }

    /** Puts the keys numbered from (inclusive) to (exclusive), and returns when all are acknowledged. */
    void putAll(AsyncKvdClient client, long from, long to) throws InterruptedException {
        long[] next = {from};
        put(client, () -> next[0] < to ? next[0]++ : -1);
    }

    /** Puts randomly chosen keys below the count for so long, and returns when all are acknowledged. */
    void putRandom(AsyncKvdClient client, long count, long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        put(client, () -> System.nanoTime() - begin < nanos ? random.nextLong(count) : -1);
    }

    // A negative number ends it.
    private void put(AsyncKvdClient client, LongSupplier numbers) throws InterruptedException {
        Semaphore free = new Semaphore(IN_FLIGHT);
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        for (long number = numbers.getAsLong();
                number >= 0 && failures.isEmpty();
                number = numbers.getAsLong()) {
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            free.acquire();
            var unused = client.put(key(number), Bytes.of(value))
                    .whenComplete((outcome, thrown) -> {
                        if (thrown != null || !(outcome instanceof Outcome.Ok)) {
                            failures.add("put: " + (thrown == null ? outcome : thrown));
                        }
                        free.release();
                    });
        }
        free.acquire(IN_FLIGHT);
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.peek());
        }
    }
}
