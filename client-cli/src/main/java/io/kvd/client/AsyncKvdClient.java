package io.kvd.client;

import io.kvd.client.io.IoThread;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.StatusResult;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The calls of {@link KvdClient} without waiting. Futures complete normally with an {@link Outcome}, whatever happened,
 * within the call's timeout. They complete on the client's I/O thread: what depends on them must not block, nor make
 * plain calls. Thread-safe.
 */
public final class AsyncKvdClient {
    private final IoThread io;
    private final CallOptions options;

    AsyncKvdClient(IoThread io, CallOptions options) {
        this.io = io;
        this.options = options;
    }

    /** As {@link KvdClient#put(Bytes, Bytes)}. */
    public CompletableFuture<Outcome<Long>> put(Bytes key, Bytes value) {
        return submit(Operations.put(key, value, options));
    }

    /** As {@link KvdClient#get(Bytes)}. */
    public CompletableFuture<Outcome<Optional<KeyValue>>> get(Bytes key) {
        return submit(Operations.get(key, options));
    }

    /** As {@link KvdClient#delete(Bytes)}. */
    public CompletableFuture<Outcome<Long>> delete(Bytes key) {
        return submit(Operations.delete(key, options));
    }

    /** As {@link KvdClient#compareAndSet(Bytes, long, Bytes)}. */
    public CompletableFuture<Outcome<CompareAndSet>> compareAndSet(
            Bytes key, long expectedModRevision, Bytes value) {
        return submit(Operations.compareAndSet(key, expectedModRevision, value, options));
    }

    /** The first rows of the range, at most {@code limit}; 0 = as many as one answer holds. */
    public CompletableFuture<Outcome<Page>> scan(KeyRange range, long limit) {
        return submit(Operations.scan(range, limit, options));
    }

    /** As {@link KvdClient#count(KeyRange)}. */
    public CompletableFuture<Outcome<Long>> count(KeyRange range) {
        return submit(Operations.count(range, options));
    }

    /** As {@link KvdClient#status(String)}. */
    public CompletableFuture<Outcome<StatusResult>> status(String address) {
        return submit(Operations.status(address, options));
    }

    /** As {@link KvdClient#ping(String)}. */
    public CompletableFuture<Outcome<String>> ping(String address) {
        return submit(Operations.ping(address, options));
    }

    /** Any operation, for callers that have it as a value. */
    public <T> CompletableFuture<Outcome<T>> submit(Operation<T> operation) {
        CompletableFuture<Outcome<T>> future = new CompletableFuture<>();
        io.submit(operation.call(), outcome -> future.complete(operation.read(outcome)));
        return future;
    }

    /** Waits for the value of an operation, or throws what happened instead. */
    <T> T call(Operation<T> operation) {
        if (io.isCurrent()) {
            throw new IllegalStateException(
                    "a plain call on the client's I/O thread would wait for itself");
        }
        return KvdException.valueOf(submit(operation).join());
    }
}
