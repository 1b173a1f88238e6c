package io.kvd.bench.report;

import io.kvd.bench.workload.Step;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One step of one target over all rounds. Rates, shares and sizes are medians of the rounds, latencies those of all
 * requests together.
 *
 * @param all the requests of all rounds
 */
public record Row(String target, Step step, List<Measurement> rounds, Window all) {
    private static final double OPS_PER_KOP = 1_000;
    /** Of warm-up, to compare the measurement with. */
    private static final int LATE_SECONDS = 5;

    public Row {
        rounds = List.copyOf(rounds);
    }

    /** @param rounds at least one, all of this target and step */
    static Row of(List<Measurement> rounds) {
        Measurement first = rounds.get(0);
        Window all = Window.sum(rounds.stream().map(Measurement::total).toList());
        return new Row(first.target(), first.step(), rounds, all);
    }

    public double opsPerSecond() {
        return median(round -> round.total().opsPerSecond());
    }

    public double minOpsPerSecond() {
        return rounds.stream()
                .mapToDouble(round -> round.total().opsPerSecond())
                .min()
                .orElse(Double.NaN);
    }

    public double maxOpsPerSecond() {
        return rounds.stream()
                .mapToDouble(round -> round.total().opsPerSecond())
                .max()
                .orElse(Double.NaN);
    }

    /** Processor seconds of the target for each thousand requests. */
    public double serverCpuPerKop() {
        return median(round -> round.usage().serverCpuSeconds()
                * OPS_PER_KOP
                / round.total().latencies().getTotalCount());
    }

    /** Bytes that the target wrote to disk, on all its nodes, for each byte of keys and values put. */
    public double writtenPerByte() {
        return median(round -> {
            long put = round.total().writtenBytes();
            return put == 0 ? Double.NaN : round.usage().writtenBytes() / put;
        });
    }

    /** The rate as a multiple of that of the last seconds of warm-up; NaN if there was none. */
    public double riseAfterWarmup() {
        return median(round -> {
            int seconds = round.warmup().size();
            Window late = Window.sum(
                    round.warmup().subList(Math.max(0, seconds - LATE_SECONDS), seconds));
            return round.total().opsPerSecond()
                    / (late.opsPerSecond() == 0 ? Double.NaN : late.opsPerSecond());
        });
    }

    /** Of something that each round has; of an even number of rounds the mean of the two in the middle. */
    public double median(ToDoubleFunction<Measurement> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElse(Double.NaN);
    }
}
