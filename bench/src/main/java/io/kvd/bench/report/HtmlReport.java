package io.kvd.bench.report;

import io.kvd.bench.local.Servers;
import io.kvd.bench.workload.Step;

import java.util.List;

/** A report as one page that needs nothing else: no script, no style sheet, no picture from elsewhere. */
public final class HtmlReport {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --faint: #8884; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e4e4e4; --paper: #161616; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
                max-width: 1360px; margin: 2em auto; padding: 0 1em; }
            pre { overflow-x: auto; padding: .6em; border: 1px solid var(--faint); }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-size: 12px; white-space: nowrap; }
            th, td { padding: .25em .5em; border-bottom: 1px solid var(--faint); text-align: right; }
            th { white-space: normal; vertical-align: bottom; }
            th:nth-child(-n+3), td:nth-child(-n+3) { text-align: left; }
            .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(540px, 100%), 1fr)); gap: 1em; }
            .plots > :first-child { grid-column: 1 / -1; max-width: 640px; }
            figure { margin: 0; } figcaption { font-size: 13px; }
            svg { width: 100%; font-size: 12px; fill: var(--ink); }
            .grid { stroke: var(--faint); } .range { stroke: var(--ink); stroke-width: 2; }
            .line { fill: none; stroke-width: 2; } .thin { stroke-width: 1; }
            .end { text-anchor: end; } .middle { text-anchor: middle; }
            .fill.c0, b.c0 { fill: #0a7ea4; background: #0a7ea4; } .line.c0 { stroke: #0a7ea4; }
            .fill.c1, b.c1 { fill: #d9822b; background: #d9822b; } .line.c1 { stroke: #d9822b; }
            .fill.c2, b.c2 { fill: #b0415d; background: #b0415d; } .line.c2 { stroke: #b0415d; }
            .fill.c3, b.c3 { fill: #5a8f29; background: #5a8f29; } .line.c3 { stroke: #5a8f29; }
            .fill.c4, b.c4 { fill: #7d5fc4; background: #7d5fc4; } .line.c4 { stroke: #7d5fc4; }
            .fill.c5, b.c5 { fill: #8a8a8a; background: #8a8a8a; } .line.c5 { stroke: #8a8a8a; }
            b { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
            """;

    private final Report report;
    private final Palette palette;

    public HtmlReport(Report report) {
        this.report = report;
        this.palette = new Palette(
                report.targets().stream().map(Servers.Description::name).toList());
    }

    /** Well-formed XML too. */
    public String page() {
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n")
                .append(
                        "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n")
                .append("<title>kvbench</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>kvbench</h1>\n");
        page.append(Xml.format("<pre>%s</pre>%n<ul>%n", report.command()));
        for (Servers.Description target : report.targets()) {
            page.append(Xml.format(
                    "<li><b class=\"%s\"></b>%s</li>%n",
                    palette.of(target.name()), target.toString()));
        }
        report.remarks().forEach(remark -> page.append(Xml.format("<li>%s</li>%n", remark)));
        report.doubts().forEach(doubt -> page.append(Xml.format("<li>%s</li>%n", doubt)));
        page.append("</ul>\n");
        for (Step step : report.steps()) {
            append(page, step);
        }
        page.append("<h2>All figures</h2>\n");
        appendTable(page);
        page.append(Xml.format("<p>%s</p>%n<h2>Conditions</h2>%n<ul>%n", Column.LEGEND));
        report.conditions()
                .forEach(
                        (name, value) -> page.append(Xml.format("<li>%s: %s</li>%n", name, value)));
        return page.append("</ul>\n</body>\n</html>\n").toString();
    }

    private void append(StringBuilder page, Step step) {
        List<Row> rows =
                report.rows().stream().filter(row -> row.step().equals(step)).toList();
        Plots plots = new Plots(rows, palette);
        page.append(Xml.format("<h2>%s</h2>%n<div class=\"plots\">%n", step.toString()));
        figure(page, plots.rates(), "Requests a second: median, lowest and highest round");
        figure(page, plots.latencies(), "Latency of all requests, by percentile");
        figure(page, plots.warmups(), "Rate while warming up, which is not counted");
        page.append("</div>\n");
    }

    private static void figure(StringBuilder page, String svg, String caption) {
        if (!svg.isEmpty()) {
            page.append("<figure>\n")
                    .append(svg)
                    .append(Xml.format("<figcaption>%s</figcaption>%n</figure>%n", caption));
        }
    }

    private void appendTable(StringBuilder page) {
        page.append("<div class=\"scroll\"><table>\n<tr>");
        Column.ALL.forEach(column -> page.append(Xml.format("<th>%s</th>", column.title())));
        page.append("</tr>\n");
        for (Row row : report.rows()) {
            page.append("<tr>");
            Column.ALL.forEach(column ->
                    page.append(Xml.format("<td>%s</td>", column.value().apply(report, row))));
            page.append("</tr>\n");
        }
        page.append("</table></div>\n");
    }
}
