package io.kvd.server.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a signal does: the first one begins a graceful stop, which has a bound; a second one, or the bound, ends the
 * process where it is.
 */
final class StopOnSignal {
    /** More than the node's own bounds for finishing, handing over and flushing together. */
    static final Duration BOUND = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(StopOnSignal.class);

    private final Runnable requestStop;
    private final Halt halt;
    private final Duration bound;
    private final AtomicInteger signals = new AtomicInteger();

    StopOnSignal(Runnable requestStop, Halt halt, Duration bound) {
        this.requestStop = requestStop;
        this.halt = halt;
        this.bound = bound;
    }

    /** A signal came, by its name. */
    void signalled(String signal) {
        switch (signals.incrementAndGet()) {
            case 1 -> begin(signal);
            case 2 ->
                halt.because(
                        signal, ExitCode.ERROR, "asked twice: ended before the graceful stop was");
            default -> {} // The second one is at it.
        }
    }

    private void begin(String signal) {
        log.info("stopping signal={} boundMs={}", signal, bound.toMillis());
        Threads.daemon("stop-bound", this::enforceBound).start();
        requestStop.run();
    }

    private void enforceBound() {
        try {
            Thread.sleep(bound.toMillis());
            halt.because(
                    "stop-bound",
                    ExitCode.ERROR,
                    "the graceful stop took more than " + bound.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
