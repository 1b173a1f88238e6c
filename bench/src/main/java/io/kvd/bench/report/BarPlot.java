package io.kvd.bench.report;

import java.util.List;

/** Rates of one step, a bar for each target, with a line from the lowest to the highest round. */
record BarPlot(List<Row> rows, Palette palette) {
    private static final double WIDTH = 640;
    private static final double BAR = 20;
    private static final double LINE = 32;
    private static final double LEFT = 110;
    private static final double RIGHT = 110;

    String svg() {
        double max = rows.stream().mapToDouble(Row::maxOpsPerSecond).max().orElse(1);
        double scale = (WIDTH - LEFT - RIGHT) / Math.max(1, max);
        StringBuilder svg = new StringBuilder(Xml.format(
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"requests a second\">%n",
                WIDTH, LINE * rows.size()));
        double top = (LINE - BAR) / 2;
        for (Row row : rows) {
            double middle = top + BAR / 2;
            double end = LEFT + row.opsPerSecond() * scale;
            svg.append(Xml.format(
                    "<text x=\"%.1f\" y=\"%.1f\" class=\"end\">%s</text>%n",
                    LEFT - 8, middle + 4, row.target()));
            svg.append(Xml.format(
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"fill %s\"/>%n",
                    LEFT, top, end - LEFT, BAR, palette.of(row.target())));
            svg.append(Xml.format(
                    "<path d=\"M%.1f %.1fH%.1f\" class=\"range\"/>%n",
                    LEFT + row.minOpsPerSecond() * scale,
                    middle,
                    LEFT + row.maxOpsPerSecond() * scale));
            svg.append(Xml.format(
                    "<text x=\"%.1f\" y=\"%.1f\">%s/s</text>%n",
                    LEFT + row.maxOpsPerSecond() * scale + 8,
                    middle + 4,
                    Figures.rate(row.opsPerSecond())));
            top += LINE;
        }
        return svg.append("</svg>\n").toString();
    }
}
