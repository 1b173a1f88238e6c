package io.kvd.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lines over two axes; an axis goes through its ticks, which stand at positions of their own choice. */
record LinePlot(String name, Axis x, Axis y, List<Line> lines) {
    private static final double WIDTH = 640;
    private static final double HEIGHT = 260;
    private static final double LEFT = 64;
    private static final double RIGHT = 24;
    private static final double TOP = 12;
    private static final double BOTTOM = 40;

    /** A position on an axis, and what is written there. */
    record Tick(double position, String label) {}

    /** @param title what is measured along it, with its unit */
    record Axis(String title, double from, double to, List<Tick> ticks) {
        /** From 0 to the value, or a little beyond, with about five round numbers. */
        static Axis linear(String title, double to) {
            double rough = Math.max(to, 1e-9) / 5;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : 2);
            List<Tick> ticks = new ArrayList<>();
            for (int i = 0; i * step < to + step; i++) {
                ticks.add(new Tick(i * step, Figures.tick(i * step)));
            }
            return new Axis(title, 0, ticks.get(ticks.size() - 1).position(), ticks);
        }

        /** Logarithmic, from the power of ten below one value to that above the other. */
        static Axis decades(String title, double from, double to) {
            int first = (int) Math.floor(Math.log10(from));
            int last = Math.max(first + 1, (int) Math.ceil(Math.log10(to)));
            List<Tick> ticks = new ArrayList<>();
            for (int i = first; i <= last; i++) {
                ticks.add(new Tick(i, Figures.tick(Math.pow(10, i))));
            }
            return new Axis(title, first, last, ticks);
        }

        /** 0 at its beginning, 1 at its end. */
        double share(double position) {
            return (position - from) / (to - from);
        }
    }

    /** Positions on both axes. */
    record Point(double x, double y) {}

    /** @param style a class of the style sheet */
    record Line(String style, List<Point> points) {}

    String svg() {
        StringBuilder svg = new StringBuilder(Xml.format(
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH, HEIGHT, name));
        for (Tick tick : x.ticks()) {
            svg.append(Xml.format(
                    "<path d=\"M%.1f %.1fV%.1f\" class=\"grid\"/><text x=\"%.1f\" y=\"%.1f\" class=\"middle\">%s</text>%n",
                    x(tick.position()),
                    TOP,
                    HEIGHT - BOTTOM,
                    x(tick.position()),
                    HEIGHT - BOTTOM + 16,
                    tick.label()));
        }
        for (Tick tick : y.ticks()) {
            svg.append(Xml.format(
                    "<path d=\"M%.1f %.1fH%.1f\" class=\"grid\"/><text x=\"%.1f\" y=\"%.1f\" class=\"end\">%s</text>%n",
                    LEFT,
                    y(tick.position()),
                    WIDTH - RIGHT,
                    LEFT - 6,
                    y(tick.position()) + 4,
                    tick.label()));
        }
        svg.append(Xml.format(
                "<text x=\"%.1f\" y=\"%.1f\" class=\"middle\">%s</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, x.title()));
        svg.append(Xml.format(
                "<text x=\"14\" y=\"%.1f\" class=\"middle\" transform=\"rotate(-90 14 %.1f)\">%s</text>%n",
                (TOP + HEIGHT - BOTTOM) / 2, (TOP + HEIGHT - BOTTOM) / 2, y.title()));
        for (Line line : lines) {
            String points = line.points().stream()
                    .map(point -> Xml.format("%.1f,%.1f", x(point.x()), y(point.y())))
                    .collect(Collectors.joining(" "));
            svg.append(Xml.format(
                    "<polyline points=\"%s\" class=\"line %s\"/>%n", points, line.style()));
        }
        return svg.append("</svg>\n").toString();
    }

    private double x(double position) {
        return LEFT + x.share(position) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double position) {
        return HEIGHT - BOTTOM - y.share(position) * (HEIGHT - TOP - BOTTOM);
    }
}
