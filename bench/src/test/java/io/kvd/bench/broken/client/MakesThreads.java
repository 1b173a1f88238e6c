package io.kvd.bench.broken.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** Breaks rule 5 in as many ways as it has statements: threads are made elsewhere. */
@SuppressWarnings("all")
public final class MakesThreads {
    public static final int WAYS = 4;

    void all() {
        new Thread(() -> {}, "named");
        Executors.newSingleThreadExecutor(MakesThreads::none);
        ForkJoinPool.commonPool();
        CompletableFuture.supplyAsync(() -> "");
    }

    void lendOne() {
        CompletableFuture.supplyAsync(() -> "", task -> {});
    }

    private static Thread none(Runnable task) {
        return Thread.currentThread();
    }
}
