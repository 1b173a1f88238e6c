package io.kvd.server.runtime;

/** A server that listens. Closed by whoever started it, after {@link #awaitEnd}. */
public interface RunningServer extends AutoCloseable {
    /**
     * Begins a graceful stop: leadership is handed over, no new request is taken, what is in flight is finished.
     * Returns at once. Any thread, any number of times.
     */
    void requestStop();

    /**
     * Returns when a requested stop has come so far that {@link #close} loses nothing, or when the node ended by
     * itself, such as one that its cluster refuses.
     *
     * @return how the process shall end
     */
    ExitCode awaitEnd() throws InterruptedException;

    /** Flushes the state, releases everything in order, and returns when that is done. */
    @Override
    void close();
}
