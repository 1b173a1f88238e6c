package io.kvd.bench.report;

import io.kvd.bench.local.Servers;

import java.util.List;
import java.util.stream.Collectors;

/** A report as a page of Markdown, for documents and terminals. */
public final class MarkdownReport {
    private final Report report;

    public MarkdownReport(Report report) {
        this.report = report;
    }

    /** Conditions, targets, remarks, table. */
    public String page() {
        StringBuilder page =
                new StringBuilder("# kvbench\n\n    %s\n\n".formatted(report.command()));
        report.conditions()
                .forEach((name, value) -> page.append("- %s: %s\n".formatted(name, value)));
        page.append('\n');
        for (Servers.Description target : report.targets()) {
            page.append("- %s\n".formatted(target));
        }
        report.remarks().forEach(remark -> page.append("- %s\n".formatted(remark)));
        report.doubts().forEach(doubt -> page.append("- %s\n".formatted(doubt)));
        return page.append('\n')
                .append(table())
                .append('\n')
                .append(Column.LEGEND)
                .append('\n')
                .toString();
    }

    /** The table alone. */
    public String table() {
        StringBuilder table = new StringBuilder();
        List<String> titles = Column.ALL.stream().map(Column::title).toList();
        table.append(line(titles));
        // The first columns are words, the others numbers.
        table.append("|---".repeat(Column.WORDS))
                .append("|--:".repeat(titles.size() - Column.WORDS))
                .append("|\n");
        for (Row row : report.rows()) {
            table.append(line(Column.ALL.stream()
                    .map(column -> column.value().apply(report, row))
                    .toList()));
        }
        return table.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
