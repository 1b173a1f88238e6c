package io.kvd.bench.target;

import io.kvd.client.AsyncKvdClient;
import io.kvd.client.CallOptions;
import io.kvd.client.KeyRange;
import io.kvd.client.KvdClient;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;

/** kvd, through its Java client: one thread, puts exactly once in a session. */
final class KvdTarget implements Target {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KvdClient client;
    private final AsyncKvdClient async;

    /** Returns once the cluster takes puts. */
    KvdTarget(List<String> addresses) {
        client = KvdClient.builder()
                .endpoints(addresses)
                .program("kvbench")
                .options(CallOptions.DEFAULT.withTimeout(TIMEOUT))
                .build();
        async = client.async();
        client.put("kvbench", "connected");
    }

    @Override
    public void get(Bytes key, Completion completion) {
        complete(async.get(key), row -> row.isPresent() ? 1 : 0, completion);
    }

    @Override
    public void put(Bytes key, Bytes value, Completion completion) {
        complete(async.put(key, value), revision -> 0, completion);
    }

    @Override
    public void scan(Bytes from, int rows, Completion completion) {
        complete(
                async.scan(KeyRange.startingAt(from), rows),
                page -> page.rows().size(),
                completion);
    }

    @Override
    public void close() {
        client.close();
    }

    private static <T> void complete(
            CompletableFuture<Outcome<T>> future, ToIntFunction<T> rows, Completion completion) {
        var unused = future.whenComplete((outcome, failure) -> {
            if (outcome instanceof Outcome.Ok<T> ok) {
                completion.succeeded(rows.applyAsInt(ok.value()));
            } else {
                completion.failed(String.valueOf(failure == null ? outcome : failure));
            }
        });
    }
}
