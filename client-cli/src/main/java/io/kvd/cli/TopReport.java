package io.kvd.cli;

import io.kvd.cli.NodeLoad.Row;

import java.util.List;
import java.util.Locale;

/** What each node does as people and as programs read it. */
final class TopReport {
    private static final String NOTHING = "-";
    private static final double MICROS_A_SECOND = 1e6;

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
                table.warningRow(unknown(row, "down"));
            } else if (!row.isKnown()) {
                table.row(unknown(row, row.node().status().getRole()));
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
                millis(row.writeP50Seconds()),
                millis(row.writeP99Seconds()),
                millis(row.fsyncP99Seconds()),
                number("%.1f", row.batchEntries()),
                Long.toString(row.lagEntries()),
                number("%.0f %%", row.stallShare() * 100),
                number("%.0f", row.busyPerSecond()),
                number("%.2f", row.cpuCores()));
    }

    private static List<String> unknown(Row row, String role) {
        return List.of(
                row.node().name(),
                role,
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING);
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
                        .field("writeP50Micros", micros(row.writeP50Seconds()))
                        .field("writeP99Micros", micros(row.writeP99Seconds()))
                        .field("fsyncP99Micros", micros(row.fsyncP99Seconds()))
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

    private static long micros(double seconds) {
        return Math.round(seconds * MICROS_A_SECOND);
    }

    private static String millis(double seconds) {
        return seconds == 0 ? NOTHING : number("%.2f ms", seconds * 1_000);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
