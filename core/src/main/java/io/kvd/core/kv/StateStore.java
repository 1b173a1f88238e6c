package io.kvd.core.kv;

import io.kvd.core.base.Bytes;

import java.util.List;
import java.util.Optional;

/**
 * The rows of one group's state: an ordered map from bytes to bytes. Written by the apply thread only; views may be
 * taken and read on any thread. Without a log of its own: after a crash it is what the last completed {@link #flush}
 * or a later point between two batches left, never a part of a batch (P3).
 */
public interface StateStore extends AutoCloseable {
    /** The row's value as of the last {@link #write}. Apply thread. */
    Optional<Bytes> get(Bytes key);

    /** The rows' values, in the order of the keys. Apply thread. */
    List<Optional<Bytes>> multiGet(List<Bytes> keys);

    /**
     * Writes all or nothing; visible to views taken after return; durable after a later flush. Apply thread.
     *
     * @throws io.kvd.core.base.StorageException the batch may or may not be there; the node must halt
     */
    void write(StateBatch batch);

    /** A consistent picture of all rows as of now. Any thread; the taker closes it. */
    StateView view();

    /** As {@link #view}, but none once the store is closed or being closed. Any thread. */
    Optional<StateView> viewIfOpen();

    /**
     * On return every write that completed before the call is durable. Background thread.
     *
     * @throws io.kvd.core.base.StorageException what was to be flushed is not; the node must halt
     */
    void flush();

    /** Bytes on disk and in memory, and an estimate of the rows. Any thread; cheap. */
    Size size();

    /** Waits for views to be closed, then closes. Not flushed: what is not durable is applied again from the log. */
    @Override
    void close();

    /**
     * Opens no views any more, and closes if none is open: false as long as one is; then call again. Any thread, but
     * one at a time.
     */
    boolean closeIfUnused();

    /** How large the state is; {@code estimatedRows} estimates the live rows of all kinds. */
    record Size(long diskBytes, long memoryBytes, long estimatedRows) {}
}
