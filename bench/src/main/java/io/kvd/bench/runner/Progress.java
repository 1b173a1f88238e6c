package io.kvd.bench.runner;

import io.kvd.bench.report.Window;
import io.kvd.bench.workload.Step;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells how a run goes: a line for everything that ended, and on a terminal one more that changes every second. Owned by
 * the thread that runs.
 */
final class Progress {
    /** Set by bin/kvbench if its standard error is a terminal. */
    private static final boolean TERMINAL = Boolean.getBoolean("kvbench.terminal");

    private static final String CLEAR = "\r\u001b[K";
    private static final int BAR = 20;

    private final PrintWriter out;
    private final PrintWriter err;
    private final long totalSeconds;
    private double doneSeconds;
    private final long beginNanos = System.nanoTime();
    private String target = "";

    /** @param totalSeconds of load in the whole run */
    Progress(PrintWriter out, PrintWriter err, long totalSeconds) {
        this.out = out;
        this.err = err;
        this.totalSeconds = totalSeconds;
    }

    void turn(int round, int rounds, String newTarget) {
        target = newTarget;
        line("# Round %d of %d: %s", round, rounds, newTarget);
    }

    void step(Step step) {
        line("# %s: %s", target, step);
    }

    /** A line of its own. */
    void line(String format, Object... arguments) {
        clear();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }

    void ended(String name, Window window) {
        line(
                "%-16s %9.0f ops/s  p50 %.2f  p99 %.2f  p99.9 %.2f  max %.2f ms%s",
                name + ":",
                window.opsPerSecond(),
                window.latencyMs(50),
                window.latencyMs(99),
                window.latencyMs(99.9),
                window.latencies().getMaxValue() / 1e6,
                window.failures() + window.missing() == 0
                        ? ""
                        : "  FAILED %d, MISSING %d".formatted(window.failures(), window.missing()));
    }

    /** Called every second or so. */
    void live(String phase, Window lastSecond) {
        doneSeconds += lastSecond.seconds();
        if (!TERMINAL) {
            return;
        }
        double done = Math.min(1, doneSeconds / totalSeconds);
        double elapsedMinutes = (System.nanoTime() - beginNanos) / 60e9;
        int filled = (int) (BAR * done);
        err.print(CLEAR
                + String.format(
                        Locale.ROOT,
                        "[%s%s] %s, %s  %.0f ops/s  p99 %.1f ms  about %.0f min left",
                        "#".repeat(filled),
                        "-".repeat(BAR - filled),
                        target,
                        phase,
                        lastSecond.opsPerSecond(),
                        lastSecond.latencyMs(99),
                        Math.ceil(elapsedMinutes * (1 - done) / done)));
        err.flush();
    }

    private void clear() {
        if (TERMINAL) {
            err.print(CLEAR);
            err.flush();
        }
    }
}
