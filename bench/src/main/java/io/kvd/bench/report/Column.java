package io.kvd.bench.report;

import java.util.List;
import java.util.function.BiFunction;

/** One column of the table of results. */
record Column(String title, BiFunction<Report, Row, String> value) {

    /** So many columns at the left say what a row is about. */
    static final int WORDS = 3;

    /** In the order to show them in. */
    static final List<Column> ALL = List.of(
            new Column("workload", (report, row) -> workload(row)),
            new Column("load", (report, row) -> row.step().load().toString()),
            new Column("target", (report, row) -> target(report, row)),
            new Column(
                    "ops/s (min–max)",
                    (report, row) -> "%s (%s–%s)"
                            .formatted(
                                    Figures.rate(row.opsPerSecond()),
                                    Figures.rate(row.minOpsPerSecond()),
                                    Figures.rate(row.maxOpsPerSecond()))),
            new Column("vs first", (report, row) -> Figures.times(report.timesFirst(row))),
            new Column("p50 ms", (report, row) -> latency(row, 50)),
            new Column("p99 ms", (report, row) -> latency(row, 99)),
            new Column("p99.9 ms", (report, row) -> latency(row, 99.9)),
            new Column("p99.99 ms", (report, row) -> latency(row, 99.99)),
            new Column("failed", (report, row) -> Long.toString(row.all().failures())),
            new Column("missing", (report, row) -> Long.toString(row.all().missing())),
            new Column("server CPU s/kop", (report, row) -> Figures.number(row.serverCpuPerKop())),
            new Column(
                    "server cores",
                    (report, row) -> Figures.number(row.median(m -> m.usage().serverCores()))),
            new Column(
                    "client cores",
                    (report, row) -> Figures.number(row.median(m -> m.usage().clientCores()))),
            new Column(
                    "busy %",
                    (report, row) -> Figures.percent(row.median(m -> m.usage().busyPercent()))),
            new Column(
                    "others %",
                    (report, row) -> Figures.percent(row.median(m -> m.usage().othersPercent()))),
            new Column(
                    "RSS MiB",
                    (report, row) -> Figures.mib(row.median(m -> m.usage().residentBytes()))),
            new Column(
                    "disk bytes per byte put",
                    (report, row) -> Figures.number(row.writtenPerByte())),
            new Column(
                    "fsync µs",
                    (report, row) -> Figures.number(row.median(Measurement::fsyncMicros))));

    /** What the columns mean that don't say it. */
    static final String LEGEND =
            "Rates and shares: medians of the rounds, with the lowest and the highest round. Latencies:"
                    + " of all requests of all rounds. vs first: the rate against that of the first target."
                    + " Missing: reads that found nothing though every key was loaded. CPU, cores, RSS and"
                    + " bytes written to disk: of all nodes of the target together; others: what ran beside"
                    + " target and load generator, the kernel's work included. fsync: 4 KiB appended to a"
                    + " file, probed before each turn.";

    private static String workload(Row row) {
        return row.step().keyChoice() == row.step().workload().keyChoice()
                ? row.step().workload().toString()
                : row.step().workload() + " " + row.step().keyChoice();
    }

    private static String target(Report report, Row row) {
        return report.targets().stream()
                .filter(target -> target.name().equals(row.target()))
                .findFirst()
                .map(target -> target.nodes() == 1
                        ? target.name() + ", 1 node"
                        : "%s, %d nodes".formatted(target.name(), target.nodes()))
                .orElse(row.target());
    }

    private static String latency(Row row, double percentile) {
        return row.all().latencies().getTotalCount() == 0
                ? "-"
                : Figures.number(row.all().latencyMs(percentile));
    }
}
