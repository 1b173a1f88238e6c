package io.kvd.server.storage;

import io.kvd.core.base.Check;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Counts who uses a native object, so that it is closed when nobody does: RocksDB crashes the JVM when it is closed
 * under a reader. Any thread; costs two compare-and-swaps a use.
 */
final class UsageGate {
    private static final int ALL = Integer.MAX_VALUE;

    private final Semaphore places = new Semaphore(ALL);
    private final String what;
    /** Set once, by {@link #closeWithin}; from then on nobody enters. */
    private volatile boolean closed;

    UsageGate(String what) {
        this.what = what;
    }

    /** The object stays open until {@link #leave}. */
    void enter() {
        Check.that(tryEnter(), "%s is used after it was closed", what);
    }

    /** The same for those who can do without; false once it is closed. */
    boolean tryEnter() {
        return !closed && places.tryAcquire();
    }

    void leave() {
        places.release();
    }

    /** Lets nobody in any more; true if all have left. */
    boolean closeIfEmpty() {
        closed = true;
        return places.tryAcquire(ALL);
    }

    /** Lets nobody in any more; true once all have left, false if some are still there after {@code patience}. */
    boolean closeWithin(Duration patience) {
        closed = true;
        try {
            return places.tryAcquire(ALL, patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
