package io.kvd.bench.broken.core.node;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Breaks rule 2 in as many ways as it has statements. */
@SuppressWarnings("all")
public final class ReadsTheClock {
    public static final int WAYS = 8;

    void all(List<String> list) {
        System.nanoTime();
        System.currentTimeMillis();
        Supplier<Instant> now = Instant::now;
        Math.random();
        new Random();
        UUID.randomUUID();
        ThreadLocalRandom.current();
        Collections.shuffle(list);
    }
}
