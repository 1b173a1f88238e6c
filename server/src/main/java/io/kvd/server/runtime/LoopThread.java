package io.kvd.server.runtime;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that runs a loop: takes what came in, gives the loop a turn, sleeps until there is more. All state of
 * the loop is this thread's own. Whatever a turn throws halts the process.
 */
public final class LoopThread<I> implements AutoCloseable {
    /** No turn without input. */
    public static final long UNTIL_INPUT = Long.MAX_VALUE;

    /** One turn of a loop. */
    @FunctionalInterface
    public interface Loop<I> {
        /**
         * Handles the inputs and whatever is due.
         *
         * @param nowNanos on {@link System#nanoTime}, read before the turn
         * @return nanoseconds from {@code nowNanos} until the next turn if nothing comes in: 0 or less if there is
         *     more to do now, {@link #UNTIL_INPUT} if nothing is ever due
         */
        long runOnce(List<I> inputs, long nowNanos);
    }

    private final Loop<I> loop;
    private final Inbox<I> inbox;
    private final Halt halt;
    private final Thread thread;

    /** Counted by the thread itself, watched by others. */
    private volatile long turns;

    private LoopThread(String name, Loop<I> loop, Inbox<I> inbox, Halt halt) {
        this.loop = loop;
        this.inbox = inbox;
        this.halt = halt;
        this.thread = Threads.daemon(name, this::run);
    }

    /** Starts the thread. From now on only it may touch the loop, and take from the inbox. */
    public static <I> LoopThread<I> start(String name, Loop<I> loop, Inbox<I> inbox, Halt halt) {
        LoopThread<I> started = new LoopThread<>(name, loop, inbox, halt);
        started.thread.start();
        return started;
    }

    public String name() {
        return thread.getName();
    }

    /** How many turns were completed; never goes back. Any thread. */
    public long turns() {
        return turns;
    }

    /**
     * Gives the loop one last turn with what is in the inbox, and returns when the thread has ended. Waits for a turn
     * in progress however long it takes; whoever must not wait halts.
     */
    @Override
    public void close() {
        inbox.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
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
            while (!inbox.isClosed()) {
                inbox.await(turn());
            }
            turn();
        } catch (Throwable failure) {
            halt.because(thread.getName(), failure);
        }
    }

    /** How long to sleep after it. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread only
    private long turn() {
        long nowNanos = System.nanoTime();
        long delayNanos = loop.runOnce(inbox.drain(), nowNanos);
        turns++;
        return delayNanos == UNTIL_INPUT
                ? TimeUnit.DAYS.toNanos(1)
                : delayNanos - (System.nanoTime() - nowNanos);
    }
}
