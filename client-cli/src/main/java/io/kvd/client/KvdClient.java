package io.kvd.client;

import io.kvd.client.io.Addresses;
import io.kvd.client.io.IoThread;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.ClientOptions;
import io.kvd.core.client.ClientOptions.Discovery;
import io.kvd.core.client.ClientOptions.WhenUnreachable;
import io.kvd.protocol.StatusResult;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * A client of a kvd cluster. It needs the address of one member and finds the others, keeps one connection to each node
 * it talks to, follows the leader, and repeats what is safe to repeat until the call's timeout. Thread-safe; make one
 * and share it.
 *
 * <pre>{@code
 * try (KvdClient client = KvdClient.connect("127.0.0.1:7400")) {
 *     long revision = client.put("greeting", "hello");
 *     String greeting = client.get("greeting").orElseThrow().value().toUtf8();
 *     for (KeyValue row : client.scan(KeyRange.prefix("user/"))) {
 *         use(row);
 *     }
 *     client.async().delete(Bytes.utf8("greeting")).thenAccept(outcome -> use(outcome));
 * }
 * }</pre>
 *
 * <p>Plain calls return what they promise or throw a {@link KvdException}: {@link RefusedException} and
 * {@link UnavailableException} say that nothing was applied, {@link OutcomeUnknownException} that this is not known.
 * Writes go through a session of this client and are applied exactly once, however often they have to be repeated
 * ({@link CallOptions.Writes}). The same calls without waiting, with outcomes as values, are in {@link #async}. The
 * example above is compiled and run by {@code KvdClientExampleTest}.
 */
public final class KvdClient implements AutoCloseable {
    private final IoThread io;
    private final CallOptions options;
    private final AsyncKvdClient async;

    private KvdClient(IoThread io, CallOptions options) {
        this.io = io;
        this.options = options;
        this.async = new AsyncKvdClient(io, options);
    }

    /** A client with default options. Returns at once; the first call connects. */
    public static KvdClient connect(String... endpoints) {
        return builder().endpoints(List.of(endpoints)).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A view of this client whose calls are made as told. It shares everything else; closing one closes both. */
    public KvdClient with(CallOptions newOptions) {
        return new KvdClient(io, newOptions);
    }

    /** The options that this client's calls are made with. */
    public CallOptions options() {
        return options;
    }

    public AsyncKvdClient async() {
        return async;
    }

    /** Puts the value, whether or not the key exists. Returns the revision of the store that the put made. */
    public long put(Bytes key, Bytes value) {
        return async.call(Operations.put(key, value, options));
    }

    /** As {@link #put(Bytes, Bytes)}, for text. */
    public long put(String key, String value) {
        return put(Bytes.utf8(key), Bytes.utf8(value));
    }

    /** The key's row; empty if the key is absent. */
    public Optional<KeyValue> get(Bytes key) {
        return async.call(Operations.get(key, options));
    }

    /** As {@link #get(Bytes)}, for text. */
    public Optional<KeyValue> get(String key) {
        return get(Bytes.utf8(key));
    }

    /** Deletes the key if it exists. Returns the number of keys deleted: 0 or 1. */
    public long delete(Bytes key) {
        return async.call(Operations.delete(key, options));
    }

    /** As {@link #delete(Bytes)}, for text. */
    public long delete(String key) {
        return delete(Bytes.utf8(key));
    }

    /**
     * Puts the value if the key's mod revision is the expected one.
     *
     * @param expectedModRevision from a row that was read, or 0 = the key must be absent
     */
    public CompareAndSet compareAndSet(Bytes key, long expectedModRevision, Bytes value) {
        return async.call(Operations.compareAndSet(key, expectedModRevision, value, options));
    }

    /**
     * The rows of the range in key order, read page by page as the iterator goes. Each page is a state of its own: rows
     * written in the meantime may show. The iterator throws {@link KvdException}s as plain calls do.
     */
    public Iterable<KeyValue> scan(KeyRange range) {
        return () -> new PagedRows(async, options, range);
    }

    /** The first rows of the range, at most {@code limit} and as many as one answer holds, from one state. */
    public Page scan(KeyRange range, long limit) {
        return async.call(Operations.scan(range, limit, options));
    }

    /** The number of keys in the range. */
    public long count(KeyRange range) {
        return async.call(Operations.count(range, options));
    }

    /** What the node at the address (host:port) says about itself and its cluster. It alone is asked, once. */
    public StatusResult status(String address) {
        return async.call(Operations.status(address, options));
    }

    /** Name and version of the program at the address, if it answers. */
    public String ping(String address) {
        return async.call(Operations.ping(address, options));
    }

    /**
     * Ends all calls that are under way, closes the session and the connections. Returns when that is done, within a
     * few seconds.
     */
    @Override
    public void close() {
        io.close();
    }

    /** What a client is made of. */
    public static final class Builder {
        private static final long DEFAULT_MAX_PENDING_BYTES = 64L << 20;

        private List<String> endpoints = List.of("127.0.0.1:7400");
        private String program = "kvd-client";
        private long sessionTtlMs = ClientOptions.DEFAULT_SESSION_TTL_MS;
        private long maxPendingBytes = DEFAULT_MAX_PENDING_BYTES;
        private CallOptions options = CallOptions.DEFAULT;

        private Builder() {}

        /** host:port of one member or more; the others are found. Default 127.0.0.1:7400. */
        public Builder endpoints(List<String> newEndpoints) {
            if (newEndpoints.isEmpty()) {
                throw new IllegalArgumentException("a client needs at least one endpoint");
            }
            for (String endpoint : newEndpoints) {
                if (!Addresses.isAddress(endpoint)) {
                    throw new IllegalArgumentException(
                            "not an address of the form host:port: " + endpoint);
                }
            }
            endpoints = List.copyOf(newEndpoints);
            return this;
        }

        /** Name and version of your program, for the servers' logs. */
        public Builder program(String newProgram) {
            program = newProgram;
            return this;
        }

        /** How calls are made unless told otherwise. */
        public Builder options(CallOptions newOptions) {
            options = newOptions;
            return this;
        }

        /** How long, in leadership time, the cluster keeps the session of a client that it doesn't hear from. */
        public Builder sessionTtlMs(long newSessionTtlMs) {
            if (newSessionTtlMs < 1) {
                throw new IllegalArgumentException("a session TTL of " + newSessionTtlMs + " ms");
            }
            sessionTtlMs = newSessionTtlMs;
            return this;
        }

        /** Bytes of calls under way, beyond which further ones fail as unavailable. Default 64 MiB. */
        public Builder maxPendingBytes(long newMaxPendingBytes) {
            maxPendingBytes = newMaxPendingBytes;
            return this;
        }

        public KvdClient build() {
            ClientOptions clientOptions = new ClientOptions(
                    endpoints,
                    program,
                    sessionTtlMs,
                    WhenUnreachable.KEEP_TRYING,
                    Discovery.MEMBERS);
            IoThread io = new IoThread(clientOptions, maxPendingBytes, new SecureRandom());
            io.start();
            return new KvdClient(io, options);
        }
    }
}
