package io.kvd.cli;

import org.HdrHistogram.Histogram;

import java.util.Locale;

/** {@code [########------------]  8 s  500 puts/s  p99 3.10 ms}, written over again and again; on a terminal only. */
final class PerfProgress implements OpenLoop.Progress {
    private static final int CELLS = 20;
    private static final long PERIOD_NANOS = 200_000_000;
    private static final double NANOS_A_SECOND = 1e9;
    private static final String BACK_AND_CLEAR = "\r\u001b[K";

    private final Console console;
    private final boolean isShown;
    private final PerfLoad load;
    private final String noun;
    private long nextNanos;

    /** @param noun what is counted: puts or gets */
    PerfProgress(Invocation invocation, PerfLoad load, String noun) {
        this.console = invocation.console();
        this.isShown = console.isTerminal()
                && !invocation.isJson()
                && invocation.settings().volume() != Settings.Volume.QUIET;
        this.load = load;
        this.noun = noun;
    }

    @Override
    public void at(long elapsedNanos, long succeeded, Histogram latencies) {
        if (!isShown || elapsedNanos < nextNanos) {
            return;
        }
        nextNanos = elapsedNanos + PERIOD_NANOS;
        int done = (int) Math.min(CELLS, CELLS * elapsedNanos / load.duration().toNanos());
        console.print(String.format(
                Locale.ROOT,
                "%s[%s%s] %2.0f s  %.0f %s/s  p99 %s",
                BACK_AND_CLEAR,
                "#".repeat(done),
                "-".repeat(CELLS - done),
                elapsedNanos / NANOS_A_SECOND,
                succeeded * NANOS_A_SECOND / elapsedNanos,
                noun,
                Durations.show(latencies.getValueAtPercentile(99) / 1e6)));
        console.flush();
    }

    /** Leaves the line empty. */
    void end() {
        if (isShown) {
            console.print(BACK_AND_CLEAR);
            console.flush();
        }
    }
}
