package io.kvd.bench.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.bench.report.Window;
import io.kvd.bench.target.Completion;
import io.kvd.bench.target.Target;
import io.kvd.bench.workload.KeySpace;
import io.kvd.bench.workload.Load;
import io.kvd.bench.workload.Requests;
import io.kvd.bench.workload.Step;
import io.kvd.bench.workload.Values;
import io.kvd.bench.workload.Workload;
import io.kvd.core.base.Bytes;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The loops against a store that answers when the test says so. */
class GeneratorTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final long MS = 1_000_000;

    private final BlockingQueue<Completion> waiting = new LinkedBlockingQueue<>();
    private final KeySpace keys = new KeySpace(100);
    private final Meter meter = new Meter();

    @Test
    void closedLoopKeepsItsNumberOfRequestsInFlight() throws Exception {
        Generator loop = start(Workload.PUT, new Load.InFlight(3), new Waiting());

        for (int i = 0; i < 10; i++) {
            take().succeeded(0);
        }
        Completion eleventh = take();
        Completion twelfth = take();
        Completion thirteenth = take();

        assertThat(waiting).isEmpty();
        waiting.addAll(List.of(eleventh, twelfth, thirteenth));
        stopAndAnswer(loop);
        assertThat(meter.take().latencies().getTotalCount()).isGreaterThanOrEqualTo(13);
    }

    /** Coordinated omission: one stall of 50 ms at 1,000 requests a second makes 50 slow requests, not one. */
    @Test
    void openLoopCountsLatencyFromTheIntendedStart() throws Exception {
        Generator loop = start(Workload.PUT, new Load.Rate(1_000), new Stalling(50 * MS));
        Window first = meter.take();
        while (first.latencies().getTotalCount() == 0) {
            first = meter.take();
        }
        loop.stop();

        Window all = Window.sum(List.of(first, meter.take()));
        // Of those that were to start in the first 30 ms, each waited for 20 or more.
        assertThat(all.latencies().getCountBetweenValues(20 * MS, Long.MAX_VALUE))
                .isGreaterThanOrEqualTo(29);
        assertThat(all.failures()).isZero();
    }

    @Test
    void readModifyWriteIsOneOperationOfTwoRequests() throws Exception {
        Waiting store = new Waiting();
        Generator loop = start(Workload.YCSB_F, new Load.InFlight(1), store);

        for (int i = 0; i < 50; i++) {
            take().succeeded(1);
        }
        stopAndAnswer(loop);

        Window window = meter.take();
        assertThat(store.puts.get()).isPositive();
        assertThat(window.latencies().getTotalCount()).isEqualTo(store.gets.get());
        assertThat(window.missing()).isZero();
    }

    @Test
    void failuresAndMissingKeysAreCountedApart() throws Exception {
        Generator loop = start(Workload.GET, new Load.InFlight(2), new Waiting());

        take().failed("full");
        take().succeeded(0);
        stopAndAnswer(loop);

        Window window = meter.take();
        assertThat(window.failures()).isEqualTo(1);
        assertThat(window.missing()).isEqualTo(1);
        assertThat(meter.lastFailure()).contains("READ: full");
    }

    private Generator start(Workload workload, Load load, Target store) {
        Step step = new Step(workload, workload.keyChoice(), load);
        return Generator.start(
                load,
                Requests.of(step, keys, new Values(8, 1), 1),
                new Call.Store(store, keys, meter));
    }

    private Completion take() throws InterruptedException {
        Completion next = waiting.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request within " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    /** Answers what comes until the loop has ended. */
    private void stopAndAnswer(Generator loop) throws InterruptedException {
        Thread stopping = new Thread(
                () -> {
                    try {
                        loop.stop();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stopping");
        stopping.start();
        while (stopping.isAlive()) {
            Completion next = waiting.poll(1, TimeUnit.MILLISECONDS);
            if (next != null) {
                next.succeeded(1);
            }
        }
    }

    /** Requests wait for the test to answer them. */
    private final class Waiting implements Target {
        private final AtomicInteger gets = new AtomicInteger();
        private final AtomicInteger puts = new AtomicInteger();

        @Override
        public void get(Bytes key, Completion completion) {
            gets.incrementAndGet();
            waiting.add(completion);
        }

        @Override
        public void put(Bytes key, Bytes value, Completion completion) {
            puts.incrementAndGet();
            waiting.add(completion);
        }

        @Override
        public void scan(Bytes from, int rows, Completion completion) {
            waiting.add(completion);
        }

        @Override
        public void close() {}
    }

    /** Answers at once, but its first call takes long, and holds up who makes it. */
    private static final class Stalling implements Target {
        private final long nanos;
        private boolean stalled;

        Stalling(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public void get(Bytes key, Completion completion) {
            throw new AssertionError("no gets here");
        }

        @Override
        public void put(Bytes key, Bytes value, Completion completion) {
            long begin = System.nanoTime();
            while (!stalled && System.nanoTime() - begin < nanos) {
                Thread.onSpinWait();
            }
            stalled = true;
            completion.succeeded(0);
        }

        @Override
        public void scan(Bytes from, int rows, Completion completion) {
            throw new AssertionError("no scans here");
        }

        @Override
        public void close() {}
    }
}
