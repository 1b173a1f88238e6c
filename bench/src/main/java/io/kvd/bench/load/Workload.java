package io.kvd.bench.load;

import io.kvd.client.AsyncKvdClient;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** What requests are made of: uniformly random keys, and values of one size. Owned by the thread that submits. */
final class Workload {
    private final Kind kind;
    private final int keyCount;
    private final Bytes value;
    private final SplittableRandom random;

    /** Which requests. */
    enum Kind {
        PUT,
        GET,
        /** Half puts, half gets. */
        MIX
    }

    Workload(Kind kind, int keyCount, int valueBytes, long seed) {
        this.kind = kind;
        this.keyCount = keyCount;
        this.random = new SplittableRandom(seed);
        byte[] bytes = new byte[valueBytes];
        random.nextBytes(bytes);
        this.value = Bytes.of(bytes);
    }

    CompletableFuture<? extends Outcome<?>> submit(AsyncKvdClient client) {
        Bytes key = key(random.nextInt(keyCount));
        boolean put = kind == Kind.PUT || (kind == Kind.MIX && random.nextBoolean());
        return put ? client.put(key, value) : client.get(key);
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key-%010d".formatted(number));
    }
}
