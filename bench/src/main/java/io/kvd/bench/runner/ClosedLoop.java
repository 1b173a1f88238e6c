package io.kvd.bench.runner;

import io.kvd.bench.workload.Load;
import io.kvd.bench.workload.Requests;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** {@link Load.InFlight}. Callers are no threads: each goes on where its answer was delivered. */
final class ClosedLoop implements Generator {
    /** A failed caller waits so long, lest a store that fails at once is asked in a busy loop. */
    private static final long PAUSE_MS = 5;

    private final Call.Store store;
    private final CountDownLatch callers;
    private final ScheduledExecutorService pauses =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "closed-loop"));
    private volatile boolean stopping;

    ClosedLoop(List<Requests> callers, Call.Store store) {
        this.store = store;
        this.callers = new CountDownLatch(callers.size());
        // One by one from another thread than those that deliver answers, which then take over.
        callers.forEach(requests -> pauses.execute(new Caller(requests)::next));
    }

    @Override
    public void stop() throws InterruptedException {
        stopping = true;
        if (!callers.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            for (long i = callers.getCount(); i > 0; i--) {
                store.meter().failed("no answer within " + PATIENCE_SECONDS + " s");
            }
        }
        pauses.shutdownNow();
    }

    private final class Caller implements Call.Over {
        private final Requests requests;
        private final Call call;

        Caller(Requests requests) {
            this.requests = requests;
            this.call = new Call(store, this);
        }

        void next() {
            if (stopping) {
                callers.countDown();
            } else {
                call.send(requests.next(), System.nanoTime());
            }
        }

        @Override
        public void succeeded() {
            next();
        }

        @Override
        public void failed() {
            if (stopping) {
                callers.countDown();
            } else {
                var unused = pauses.schedule(this::next, PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
