package io.kvd.cli;

import io.kvd.cli.NodeLoad.Row;

import java.util.List;
import java.util.Locale;

/** What each node does as people and as programs read it. */
final class TopReport {
    private TopReport() {}

    static String table(List<Row> rows, Settings.Colour colour) {
        Table table = new Table(colour)
                .column("NODE", Table.Align.LEFT)
                .column("ROLE", Table.Align.LEFT)
                .column("WRITES/s", Table.Align.RIGHT)
                .column("READS/s", Table.Align.RIGHT)
                .column("WRITE p50", Table.Align.RIGHT)
                .column("WRITE p99", Table.Align.RIGHT)
                .column("FSYNC p99", Table.Align.RIGHT)
                .column("BATCH", Table.Align.RIGHT)
                .column("LAG", Table.Align.RIGHT)
                .column("STALL", Table.Align.RIGHT)
                .column("BUSY/s", Table.Align.RIGHT)
                .column("CPU", Table.Align.RIGHT);
        for (Row row : rows) {
            if (!row.node().isUp()) {
                table.warningRow(table.sparse(List.of(row.node().name(), "down"), List.of()));
            } else if (!row.isKnown()) {
                table.row(table.sparse(
                        List.of(row.node().name(), row.node().status().getRole()), List.of()));
            } else {
                table.row(cells(row));
            }
        }
        return table.render();
    }

    private static List<String> cells(Row row) {
        return List.of(
                row.node().name(),
                row.node().status().getRole(),
                number("%.0f", row.writesPerSecond()),
                number("%.0f", row.readsPerSecond()),
                Durations.show(row.writeP50Seconds()),
                Durations.show(row.writeP99Seconds()),
                Durations.show(row.fsyncP99Seconds()),
                number("%.1f", row.batchEntries()),
                Long.toString(row.lagEntries()),
                number("%.0f %%", row.stallShare() * 100),
                number("%.0f", row.busyPerSecond()),
                number("%.2f", row.cpuCores()));
    }

    /** One line. Nodes that did not tell have no figures. */
    static String json(List<Row> rows) {
        Json json = new Json().beginObject();
        json.name("nodes").beginArray();
        for (Row row : rows) {
            json.beginObject()
                    .field("nodeId", row.node().nodeId())
                    .field("name", row.node().name())
                    .field("state", row.node().isUp() ? "up" : "down");
            if (row.isKnown()) {
                json.field("role", row.node().status().getRole())
                        .field("writesPerSecond", Math.round(row.writesPerSecond()))
                        .field("readsPerSecond", Math.round(row.readsPerSecond()))
                        .field("writeP50Micros", Durations.micros(row.writeP50Seconds()))
                        .field("writeP99Micros", Durations.micros(row.writeP99Seconds()))
                        .field("fsyncP99Micros", Durations.micros(row.fsyncP99Seconds()))
                        .field("batchEntries", Math.round(row.batchEntries()))
                        .field("lagEntries", row.lagEntries())
                        .field("stallPercent", Math.round(row.stallShare() * 100))
                        .field("busyPerSecond", Math.round(row.busyPerSecond()))
                        .field("cpuPercent", Math.round(row.cpuCores() * 100));
            }
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
