package io.kvd.bench.report;

import io.kvd.bench.workload.Step;

import java.util.List;

/**
 * One step of one target in one round.
 *
 * @param target its name
 * @param warmup what was done before, and is not counted: it shows whether the rate was still rising
 * @param iterations what counts
 * @param fsyncMicros the median of a probe before the target's turn
 */
public record Measurement(
        String target,
        Step step,
        int round,
        List<Window> warmup,
        List<Window> iterations,
        Usage usage,
        double fsyncMicros) {
    public Measurement {
        warmup = List.copyOf(warmup);
        iterations = List.copyOf(iterations);
    }

    /** All iterations as one. */
    public Window total() {
        return Window.sum(iterations);
    }
}
