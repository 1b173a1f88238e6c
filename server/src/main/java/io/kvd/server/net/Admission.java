package io.kvd.server.net;

import io.kvd.core.base.Check;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The one budget, in bytes, of what clients make this node hold: a request from its decoding until its answer exists,
 * then the answer until it was written. Every queue behind it holds admitted requests only, so none needs a bound of
 * its own. Callable on any thread.
 */
public final class Admission {
    /** What a request takes beside its frame: the objects that stand for it in queues. */
    static final int OVERHEAD_BYTES = 512;

    private final long budgetBytes;
    private final long reserveBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong refusedCount = new AtomicLong();

    public Admission(NetOptions.Budget budget) {
        this.budgetBytes = budget.totalBytes();
        this.reserveBytes = budget.reserveBytes();
    }

    /** What a request in a frame of {@code bodyBytes} is charged. */
    static int chargeOf(int bodyBytes) {
        return bodyBytes + OVERHEAD_BYTES;
    }

    /** Takes the bytes if the budget has them. */
    public boolean tryAcquire(int bytes) {
        return acquireWithin(budgetBytes, bytes);
    }

    /**
     * As the other one, if the connection holds nothing yet, or would then hold no more than half of what the others
     * leave: however many hold much, there is room for the next one.
     *
     * @param ownBytes what the connection's other requests hold
     */
    boolean tryAcquireShare(long ownBytes, int bytes) {
        long others = Math.max(0, heldBytes.get() - ownBytes);
        if (ownBytes > 0 && ownBytes + bytes > (budgetBytes - others) / 2) {
            refusedCount.incrementAndGet();
            return false;
        }
        return tryAcquire(bytes);
    }

    /** Takes the bytes from the budget or the reserve: for keep-alives, pings and status only. */
    public boolean tryAcquireReserved(int bytes) {
        return acquireWithin(budgetBytes + reserveBytes, bytes);
    }

    /** Takes the bytes from the budget or twice the reserve: for an answer that says no, the least that can be done. */
    boolean tryAcquireLast(int bytes) {
        return acquireWithin(budgetBytes + 2 * reserveBytes, bytes);
    }

    /** Bytes that the budget has left. */
    long freeBytes() {
        return Math.max(0, budgetBytes - heldBytes.get());
    }

    /** Takes the bytes in any case: an answer that exists is held whether there is room for it or not. */
    void hold(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    /** Gives bytes back. */
    void release(long bytes) {
        long left = heldBytes.addAndGet(-bytes);
        Check.that(left >= 0, "admission released %d bytes that it did not hold", -left);
    }

    /** Bytes held now. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** Requests answered BUSY since the start. */
    public long refusedCount() {
        return refusedCount.get();
    }

    private boolean acquireWithin(long limit, int bytes) {
        long held = heldBytes.get();
        while (held + bytes <= limit) {
            if (heldBytes.compareAndSet(held, held + bytes)) {
                return true;
            }
            held = heldBytes.get();
        }
        refusedCount.incrementAndGet();
        return false;
    }
}
