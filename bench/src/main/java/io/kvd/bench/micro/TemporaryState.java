package io.kvd.bench.micro;

import io.kvd.bench.local.TemporaryDirectory;
import io.kvd.core.base.StorageException;
import io.kvd.core.kv.StateStore;
import io.kvd.core.node.NodeOptions;
import io.kvd.server.storage.RocksDbStateStores;
import io.kvd.server.storage.StorageOptions;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The state of one group as a server with the default configuration keeps it, in a directory that {@link #close}
 * removes. Flushed in the background after so many bytes of log, as a node does. Owned by the thread that applies.
 */
final class TemporaryState implements AutoCloseable {
    static final long GROUP = 1;

    static final long GENERATION = 1;

    /** The default of {@code storage.memory}. */
    private static final StorageOptions STORAGE = StorageOptions.ofMemory(128 << 20);

    private final TemporaryDirectory directory = TemporaryDirectory.create("kvbench-state-");
    private final RocksDbStateStores stores = new RocksDbStateStores(directory.path(), STORAGE);
    private final StateStore store = stores.open(GROUP, GENERATION);
    private final ExecutorService background =
            Executors.newSingleThreadExecutor(body -> new Thread(body, "background"));
    private Future<?> flush = background.submit(() -> {});
    private long logBytesSinceFlush;

    RocksDbStateStores stores() {
        return stores;
    }

    StateStore store() {
        return store;
    }

    /** So much log was applied: begins a flush if one is due and none is going on. */
    void applied(long logBytes) {
        logBytesSinceFlush += logBytes;
        if (logBytesSinceFlush >= NodeOptions.DEFAULT.flushAfterBytes() && flush.isDone()) {
            awaitFlush();
            logBytesSinceFlush = 0;
            flush = background.submit(store::flush);
        }
    }

    @Override
    public void close() {
        awaitFlush();
        background.shutdown();
        store.close();
        stores.close();
        directory.close();
    }

    private void awaitFlush() {
        try {
            flush.get();
        } catch (ExecutionException e) {
            throw new StorageException(StorageException.Kind.IO, "flushing " + directory.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while flushing " + directory.path(), e);
        }
    }
}
