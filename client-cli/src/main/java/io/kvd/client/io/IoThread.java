package io.kvd.client.io;

import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientCall;
import io.kvd.core.client.ClientOptions;
import io.kvd.core.client.Outcome;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Drives a {@link ClientLoop} on one daemon thread, for callers on any thread. Calls cross over in a queue; the thread
 * is woken only if it sleeps, so under load a call costs no system call of its own.
 */
public final class IoThread {
    /** What a pending call counts for beside its bytes. */
    private static final long CALL_BYTES = 256L;

    private record Submitted(ClientCall call, Completion completion) {}

    private final ClientLoop loop;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Submitted> submitted = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The thread sleeps or is about to: who sets it to false has to wake it. */
    private final AtomicBoolean sleeping = new AtomicBoolean();

    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicLong pendingBytes = new AtomicLong();
    private final long maxPendingBytes;

    /**
     * @param maxPendingBytes of calls that are not over yet; a call beyond it is ended at once as Unavailable(BUSY)
     * @param random seeded so that no two clients draw the same session nonce
     */
    public IoThread(ClientOptions options, long maxPendingBytes, RandomGenerator random) {
        this.loop = new ClientLoop(options, random);
        this.maxPendingBytes = maxPendingBytes;
        this.thread = new Thread(this::run, "kvd-client-io");
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Starts a call. The completion runs on the I/O thread, or on the caller's if the call is refused for want of room. */
    public void submit(ClientCall call, Completion completion) {
        long bytes = CALL_BYTES
                + (call instanceof ClientCall.Write write ? write.command().size() : 0);
        if (pendingBytes.addAndGet(bytes) > maxPendingBytes) {
            pendingBytes.addAndGet(-bytes);
            String text =
                    "calls of more than " + maxPendingBytes + " bytes are pending in this client";
            completion.completed(new Outcome.Unavailable<>(Outcome.Reason.BUSY, text));
            return;
        }
        submitted.add(new Submitted(call, outcome -> {
            pendingBytes.addAndGet(-bytes);
            completion.completed(outcome);
        }));
        wakeIfAsleep();
        if (closed.getCount() == 0) {
            refuseSubmitted();
        }
    }

    /** Whether the caller runs on the I/O thread, which must not wait for a call. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Ends all calls, says good-bye to the cluster, and returns when all is closed: within a few seconds. */
    public void close() {
        closing.set(true);
        wakeIfAsleep();
        if (isCurrent()) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                closed.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!loop.isClosed()) {
                turn();
            }
        } finally {
            loop.abandon("the client's I/O thread failed");
            closed.countDown();
            refuseSubmitted();
        }
    }

    private void turn() {
        for (Submitted next = submitted.poll(); next != null; next = submitted.poll()) {
            loop.submit(next.call(), next.completion());
        }
        if (closing.get()) {
            loop.close();
        }
        sleeping.set(true);
        // Whoever adds after this look finds us sleeping and wakes us.
        boolean idle = submitted.isEmpty() && (!closing.get() || loop.isClosing());
        loop.runOnce(idle ? Long.MAX_VALUE : 0);
        sleeping.set(false);
    }

    private void wakeIfAsleep() {
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            loop.wakeup();
        }
    }

    /** What came too late for the loop. */
    private void refuseSubmitted() {
        for (Submitted next = submitted.poll(); next != null; next = submitted.poll()) {
            next.completion()
                    .completed(new Outcome.Unavailable<Answer>(
                            Outcome.Reason.CLOSED, "the client is closed"));
        }
    }
}
