package io.kvd.bench.runner;

import io.kvd.bench.workload.Load;
import io.kvd.bench.workload.Requests;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * {@link Load.Rate}: one thread sends each request at its time, or as soon after it as it can. Nothing that was to
 * start is left out: if the store or this thread is late, latencies say by how much.
 */
final class OpenLoop implements Generator {
    /** Beyond so many without an answer the thread waits; what is due then is sent late, and its latency shows it. */
    private static final int MAX_OUTSTANDING = 1 << 16;

    private final double intervalNanos;
    private final Requests requests;
    private final Call.Store store;
    private final Semaphore free = new Semaphore(MAX_OUTSTANDING);
    private final Thread thread = new Thread(this::run, "open-loop");
    private final long beginNanos = System.nanoTime();
    /** Requests whose time is later are not sent. Changed once, by who stops it. */
    private volatile long endNanos = Long.MAX_VALUE;

    OpenLoop(Load.Rate rate, Requests requests, Call.Store store) {
        this.intervalNanos = 1e9 / rate.perSecond();
        this.requests = requests;
        this.store = store;
        thread.start();
    }

    @Override
    public void stop() throws InterruptedException {
        endNanos = System.nanoTime() - beginNanos;
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        thread.interrupt();
        thread.join();
        if (!free.tryAcquire(MAX_OUTSTANDING, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            for (int i = free.availablePermits(); i < MAX_OUTSTANDING; i++) {
                store.meter().failed("no answer within " + PATIENCE_SECONDS + " s");
            }
        }
    }

    private void run() {
        long next = 0;
        try {
            for (long due = 0; due <= endNanos; due = Math.round(next * intervalNanos)) {
                awaitTime(due);
                if (due <= endNanos) {
                    free.acquire();
                    new Call(store, new Release()).send(requests.next(), beginNanos + due);
                    next++;
                }
            }
        } catch (InterruptedException givenUp) {
            for (long i = next; i * intervalNanos <= endNanos; i++) {
                store.meter().failed("not sent: the rate is beyond what the store takes");
            }
        }
    }

    private void awaitTime(long due) throws InterruptedException {
        long early = due - (System.nanoTime() - beginNanos);
        while (early > 0 && due <= endNanos) {
            LockSupport.parkNanos(early);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            early = due - (System.nanoTime() - beginNanos);
        }
    }

    private final class Release implements Call.Over {
        @Override
        public void succeeded() {
            free.release();
        }

        @Override
        public void failed() {
            free.release();
        }
    }
}
