package io.kvd.cli;

import io.kvd.client.KeyValue;

import java.util.List;

/** Rows in the forms that get and ls share. */
final class Rows {
    private static final String[] NUMBER_TITLES = {"CREATE", "MOD", "VERSION"};

    /** Whether the rows have their values. */
    enum Columns {
        ALL,
        KEYS_ONLY
    }

    private Rows() {}

    /** {@code {"key":…,"value":…,"createRevision":…,"modRevision":…,"version":…}}. */
    static void write(Json json, KeyValue row, Columns columns, Encoding encoding) {
        json.beginObject();
        encoding.writeField(json, "key", row.key());
        if (columns == Columns.ALL) {
            encoding.writeField(json, "value", row.value());
        }
        json.field("createRevision", row.createRevision())
                .field("modRevision", row.modRevision())
                .field("version", row.version())
                .endObject();
    }

    static String table(List<KeyValue> rows, Columns columns, Settings settings) {
        Encoding encoding = settings.encoding();
        Table table = new Table(settings.colour()).column("KEY", Table.Align.LEFT);
        for (String title : NUMBER_TITLES) {
            table.column(title, Table.Align.RIGHT);
        }
        if (columns == Columns.ALL) {
            table.column("VALUE", Table.Align.LEFT);
        }
        for (KeyValue row : rows) {
            String key = encoding.show(row.key());
            String create = Long.toString(row.createRevision());
            String mod = Long.toString(row.modRevision());
            String version = Long.toString(row.version());
            table.row(
                    columns == Columns.ALL
                            ? List.of(key, create, mod, version, encoding.show(row.value()))
                            : List.of(key, create, mod, version));
        }
        return table.render();
    }
}
