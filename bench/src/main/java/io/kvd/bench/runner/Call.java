package io.kvd.bench.runner;

import io.kvd.bench.target.Completion;
import io.kvd.bench.target.Target;
import io.kvd.bench.workload.KeySpace;
import io.kvd.bench.workload.Operation;
import io.kvd.bench.workload.Request;
import io.kvd.core.base.Bytes;

/** One request at a time, from its start to its end; of a read-modify-write that is the answer of the put. */
final class Call implements Completion {
    private static final int NOTHING_READ = -1;
    private static final Request NONE = new Request(Operation.READ, 0, Bytes.EMPTY, 0);

    private final Store store;
    private final Over over;

    private Request request = NONE;
    private long beginNanos;
    /** Of a read-modify-write, what its first half read; before that, {@link #NOTHING_READ}. */
    private int rowsRead = NOTHING_READ;

    /** What calls are made to and recorded with. */
    record Store(Target target, KeySpace keys, Meter meter) {}

    /** Told on the thread of the client that the call is free for the next request. */
    interface Over {
        void succeeded();

        void failed();
    }

    Call(Store store, Over over) {
        this.store = store;
        this.over = over;
    }

    /** @param begin as {@link System#nanoTime}, from which its latency counts */
    void send(Request next, long begin) {
        request = next;
        beginNanos = begin;
        rowsRead = NOTHING_READ;
        switch (next.operation()) {
            case READ, READ_MODIFY_WRITE -> store.target().get(next.key(), this);
            case UPDATE, INSERT -> store.target().put(next.key(), next.value(), this);
            case SCAN -> store.target().scan(next.key(), next.rows(), this);
        }
    }

    @Override
    public void succeeded(int rows) {
        Operation operation = request.operation();
        if (operation == Operation.READ_MODIFY_WRITE && rowsRead == NOTHING_READ) {
            rowsRead = rows;
            store.target().put(request.key(), request.value(), this);
            return;
        }
        if (operation == Operation.INSERT) {
            store.keys().inserted(request.number());
        }
        int read = operation == Operation.READ_MODIFY_WRITE ? rowsRead : rows;
        store.meter().succeeded(request, read, System.nanoTime() - beginNanos);
        over.succeeded();
    }

    @Override
    public void failed(String reason) {
        store.meter().failed(request.operation() + ": " + reason);
        over.failed();
    }
}
