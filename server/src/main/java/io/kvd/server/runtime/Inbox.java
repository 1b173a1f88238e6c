package io.kvd.server.runtime;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * What other threads hand to one loop: many producers, one consumer, in the order of {@link #add}. Has no bound of
 * its own, since it holds only what was admitted and answers to work that was handed out.
 *
 * <p>No wake-up is lost: a producer adds (or closes), then looks for a parked consumer; the consumer says that it parks, then
 * looks for items. Both are volatile accesses, so at least one sees the other.
 */
public final class Inbox<T> {
    /** More wait for the next turn: a turn has an end even if items come faster than they are taken. */
    static final int MAX_DRAINED = 4096;

    private final ConcurrentLinkedQueue<T> items = new ConcurrentLinkedQueue<>();

    /** The consumer while it is parked or about to; set by itself, cleared by whoever wakes it. */
    private volatile @Nullable Thread parked;

    /** Set once, by whoever ends the consumer. */
    private volatile boolean closed;

    /** Any thread; never blocks. Wakes the consumer only if it is parked. */
    public void add(T item) {
        items.add(item);
        wake();
    }

    /** The items so far, oldest first, at most {@link #MAX_DRAINED}. Consumer only. */
    List<T> drain() {
        List<T> drained = new ArrayList<>();
        while (drained.size() < MAX_DRAINED) {
            T item = items.poll();
            if (item == null) {
                break;
            }
            drained.add(item);
        }
        return drained;
    }

    /**
     * Returns when an item is there, after {@code maxNanos}, once closed, and now and then for no
     * reason. Consumer only.
     */
    void await(long maxNanos) {
        if (maxNanos <= 0) {
            return;
        }
        parked = Thread.currentThread();
        if (items.isEmpty() && !closed) {
            LockSupport.parkNanos(this, maxNanos);
        }
        parked = null;
    }

    /** The consumer shall end: it waits no more. Any thread. */
    void close() {
        closed = true;
        wake();
    }

    boolean isClosed() {
        return closed;
    }

    /** Wakes the consumer if it is parked; only one of several producers pays for that. */
    private void wake() {
        Thread consumer = parked;
        if (consumer != null) {
            parked = null;
            LockSupport.unpark(consumer);
        }
    }
}
