package io.kvd.server.runtime;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Threads for work that the loops hand out: reads, flushes, log loads. Its queue holds only admitted work and one item
 * per answer that a loop waits for. Work that throws halts the process.
 */
public final class WorkerThreads implements AutoCloseable {
    private final String name;
    private final ExecutorService executor;
    private final Halt halt;

    public WorkerThreads(String name, int count, Halt halt) {
        this.name = name;
        this.executor = Executors.newFixedThreadPool(count, Threads.numbered(name));
        this.halt = halt;
    }

    /** Any thread; returns at once. Work given after {@link #close} began is dropped. */
    public void execute(Runnable work) {
        if (!executor.isShutdown()) {
            executor.execute(() -> guarded(work));
        }
    }

    /** Lets what was given finish, and returns when it has. */
    @Override
    public void close() {
        executor.shutdown();
        boolean ended = false;
        boolean interrupted = false;
        while (!ended) {
            try {
                ended = executor.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            halt.because(name, failure);
        }
    }
}
