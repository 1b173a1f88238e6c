package io.kvd.client.io;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work that must be tidied up see that the process is asked to end (Ctrl-C), and holds the end up for as long as
 * it takes, but not longer than a bound. {@link #isRequested} may be asked on any thread.
 */
public final class Interruption implements AutoCloseable {
    private final Duration patience;
    private final Thread hook = new Thread(this::holdUp, "kvd-client-interruption");
    private final CountDownLatch tidy = new CountDownLatch(1);
    private volatile boolean requested;

    private Interruption(Duration patience) {
        this.patience = patience;
    }

    /** From now on, until {@link #close}. */
    public static Interruption listen(Duration patience) {
        Interruption interruption = new Interruption(patience);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    public boolean isRequested() {
        return requested;
    }

    private void holdUp() {
        requested = true;
        try {
            var unused = tidy.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All is tidy: the process may end. */
    @Override
    public void close() {
        tidy.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // It is ending already, and no longer held up.
            }
        }
    }
}
