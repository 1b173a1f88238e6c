package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Operation.Expected;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Makes good histories: clients that call an {@link AtomicStore} concurrently, each operation taking effect at a random
 * moment between call and return. Some outcomes get lost; of those half take effect, at once or much later.
 */
final class SimulatedClients {
    private final Workload workload;
    private final SplittableRandom random;
    private final AtomicStore store = new AtomicStore();
    private final PriorityQueue<Moment> agenda =
            new PriorityQueue<>(Comparator.comparingLong(Moment::nanos));
    private final List<Invocation> history = new ArrayList<>();
    private int started;

    /** What a client does. */
    enum Kind {
        GET,
        PUT,
        APPEND,
        DELETE,
        CAS_VALUE,
        CAS_REVISION,
        RANGE,
        BATCH
    }

    /** @param values how many different ones are written; 0: all are different */
    record Workload(
            int clients,
            int operations,
            int keys,
            int values,
            double unknown,
            boolean revisionsTold,
            List<Kind> kinds) {}

    /** Something happens then. */
    private record Moment(long nanos, Runnable action) {}

    private SimulatedClients(Workload workload, SplittableRandom random) {
        this.workload = workload;
        this.random = random;
    }

    static List<Invocation> run(Workload workload, SplittableRandom random) {
        return new SimulatedClients(workload, random).run();
    }

    private List<Invocation> run() {
        for (int client = 0; client < workload.clients(); client++) {
            int id = client;
            long start = random.nextInt(100);
            agenda.add(new Moment(start, () -> call(id, start)));
        }
        while (!agenda.isEmpty()) {
            agenda.remove().action().run();
        }
        return history;
    }

    private void call(int client, long lastReturn) {
        if (started++ >= workload.operations()) {
            return;
        }
        Operation operation = operation();
        long called = lastReturn + 1 + random.nextInt(20);
        long effect = called + random.nextInt(100);
        long returned = effect + random.nextInt(100) + 1;
        if (random.nextDouble() >= workload.unknown()) {
            agenda.add(new Moment(effect, () -> {
                Response response = told(store.apply(operation));
                Invocation.Outcome ok = new Invocation.Ok(response, returned);
                history.add(new Invocation(client, operation, called, ok));
            }));
        } else {
            Invocation.Outcome unknown = new Invocation.Unknown(returned);
            history.add(new Invocation(client, operation, called, unknown));
            if (random.nextBoolean()) {
                long late = random.nextBoolean() ? random.nextInt(10_000) : 0;
                agenda.add(new Moment(effect + late, () -> store.apply(operation)));
            }
        }
        agenda.add(new Moment(returned, () -> call(client, returned)));
    }

    private Operation operation() {
        Kind kind = workload.kinds().get(random.nextInt(workload.kinds().size()));
        if (kind == Kind.RANGE) {
            int from = random.nextInt(workload.keys());
            int to = from + 1 + random.nextInt(workload.keys() - from);
            return new Operation.Range(key(from), to == workload.keys() ? Bytes.EMPTY : key(to));
        }
        if (kind == Kind.BATCH) {
            int from = random.nextInt(workload.keys());
            int to = random.nextInt(workload.keys());
            return new Operation.Batch(List.of(
                    new Operation.Get(key(from)),
                    new Operation.Put(key(from), value()),
                    new Operation.Put(key(to), value())));
        }
        Bytes key = key(random.nextInt(workload.keys()));
        return switch (kind) {
            case GET -> new Operation.Get(key);
            case PUT -> new Operation.Put(key, value());
            case APPEND -> new Operation.Append(key, value());
            case DELETE -> new Operation.Delete(key);
            case CAS_VALUE ->
                new Operation.CompareAndSet(key, new Expected.Value(current(key)), value());
            default ->
                new Operation.CompareAndSet(
                        key, new Expected.Revision(currentRevision(key)), value());
        };
    }

    /** Mostly what is there now, so that comparisons succeed unless somebody is faster. */
    private Bytes current(Bytes key) {
        return store.apply(new Operation.Get(key)) instanceof Response.Found found
                ? found.value()
                : value();
    }

    private long currentRevision(Bytes key) {
        return store.apply(new Operation.Get(key)) instanceof Response.Found found
                ? found.revision()
                : 0;
    }

    private static Bytes key(int number) {
        return Bytes.utf8("k%04d".formatted(number));
    }

    private Bytes value() {
        int value = workload.values() == 0 ? started : random.nextInt(workload.values());
        return Bytes.utf8(Integer.toString(value, 36) + ".");
    }

    private Response told(Response response) {
        return workload.revisionsTold() ? response : withoutRevisions(response);
    }

    /** The same, but that no revision is told. */
    static Response withoutRevisions(Response response) {
        if (response instanceof Response.Found found) {
            return new Response.Found(found.value(), Response.NOT_TOLD);
        }
        if (response instanceof Response.Written) {
            return new Response.Written(Response.NOT_TOLD);
        }
        if (response instanceof Response.Deleted deleted) {
            return new Response.Deleted(deleted.existed(), Response.NOT_TOLD);
        }
        if (response instanceof Response.Compared compared) {
            return new Response.Compared(compared.succeeded(), Response.NOT_TOLD);
        }
        if (response instanceof Response.Rows rows) {
            return new Response.Rows(
                    rows.rows().stream()
                            .map(row -> new Response.Row(row.key(), row.value(), Response.NOT_TOLD))
                            .toList(),
                    rows.more());
        }
        if (response instanceof Response.Batched batched) {
            return new Response.Batched(batched.parts().stream()
                    .map(SimulatedClients::withoutRevisions)
                    .toList());
        }
        return response;
    }
}
