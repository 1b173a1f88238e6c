package io.kvd.bench.micro;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Makes what a benchmark is given on a thread of its own, so that its cost is not counted as the measured thread's,
 * and comes, as in a server, from another core.
 */
final class PreparingThread implements AutoCloseable {
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(body -> new Thread(body, "prepare"));

    /** Waits for what the supplier makes. */
    <T> T get(Supplier<T> supplier) {
        try {
            return executor.submit(supplier::get).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("preparing failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while preparing", e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
