package io.kvd.server.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * Tries seeds side by side, each one in a thread of its own, and gives what came of them in the order of the seeds.
 * For one thread. What is still under way when it is closed is not waited for.
 */
final class SeedWorkers<R> implements AutoCloseable {
    /** So many seeds a thread may be ahead of the one that is waited for: some take ten times as long as others. */
    private static final int AHEAD_OF_EACH = 8;

    private final LongFunction<R> trial;
    private final ExecutorService threads;
    private final Deque<Future<R>> underWay = new ArrayDeque<>();
    private final int maxUnderWay;
    private final long end;
    private long nextSeed;

    /**
     * @param first seed
     * @param count of seeds
     * @param trial of one seed, on any thread
     */
    SeedWorkers(int jobs, long first, long count, LongFunction<R> trial) {
        this.trial = trial;
        this.threads = Executors.newFixedThreadPool(jobs, run -> {
            Thread thread = new Thread(run, "seeds");
            thread.setDaemon(true);
            return thread;
        });
        this.maxUnderWay = jobs * AHEAD_OF_EACH;
        this.nextSeed = first;
        this.end = count > Long.MAX_VALUE - Math.max(0, first) ? Long.MAX_VALUE : first + count;
    }

    /** Whether there is a seed left. */
    boolean hasNext() {
        return nextSeed < end || !underWay.isEmpty();
    }

    /** What came of the next seed; waits for it. */
    R next() {
        while (underWay.size() < maxUnderWay && nextSeed < end) {
            long seed = nextSeed++;
            underWay.addLast(threads.submit(() -> trial.apply(seed)));
        }
        try {
            return underWay.removeFirst().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a seed could not be tried", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a seed was tried", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
