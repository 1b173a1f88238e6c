package io.kvd.bench.report;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;

/** The plots of one step. */
record Plots(List<Row> rows, Palette palette) {
    private static final double NANOS_PER_MS = 1e6;
    private static final double STEPS_PER_NINE = 20;

    Plots {
        rows = List.copyOf(rows);
    }

    String rates() {
        return new BarPlot(rows, palette).svg();
    }

    /** Each further tick to the right is another nine: 90, 99, 99.9, 99.99 %. */
    String latencies() {
        List<LinePlot.Line> lines = new ArrayList<>();
        double min = Double.POSITIVE_INFINITY;
        double max = 0;
        for (Row row : rows) {
            Histogram latencies = row.all().latencies();
            List<LinePlot.Point> points = new ArrayList<>();
            for (double step = 0; step <= 4 * STEPS_PER_NINE; step++) {
                double nines = step / STEPS_PER_NINE;
                double ms = latencies.getValueAtPercentile(100 * (1 - Math.pow(10, -nines)))
                        / NANOS_PER_MS;
                if (ms > 0) {
                    min = Math.min(min, ms);
                    max = Math.max(max, ms);
                    points.add(new LinePlot.Point(nines, Math.log10(ms)));
                }
            }
            lines.add(new LinePlot.Line(palette.of(row.target()), points));
        }
        if (max == 0) {
            return "";
        }
        List<LinePlot.Tick> ticks = List.of(
                new LinePlot.Tick(0, "min"),
                new LinePlot.Tick(Math.log10(2), "50"),
                new LinePlot.Tick(1, "90"),
                new LinePlot.Tick(2, "99"),
                new LinePlot.Tick(3, "99.9"),
                new LinePlot.Tick(4, "99.99"));
        return new LinePlot(
                        "latency by percentile",
                        new LinePlot.Axis("percentile", 0, 4, ticks),
                        LinePlot.Axis.decades("latency, ms", min, max),
                        lines)
                .svg();
    }

    /** A line for each target and round: whether the rate was still rising when the measurement began. */
    String warmups() {
        List<LinePlot.Line> lines = new ArrayList<>();
        double seconds = 0;
        double max = 0;
        for (Row row : rows) {
            for (Measurement round : row.rounds()) {
                List<LinePlot.Point> points = new ArrayList<>();
                double time = 0;
                for (Window window : round.warmup()) {
                    time += window.seconds();
                    points.add(new LinePlot.Point(time, window.opsPerSecond()));
                    max = Math.max(max, window.opsPerSecond());
                }
                seconds = Math.max(seconds, time);
                lines.add(new LinePlot.Line("thin " + palette.of(row.target()), points));
            }
        }
        if (max == 0) {
            return "";
        }
        return new LinePlot(
                        "rate during the warm-up",
                        LinePlot.Axis.linear("seconds of warm-up", seconds),
                        LinePlot.Axis.linear("requests a second", max),
                        lines)
                .svg();
    }
}
