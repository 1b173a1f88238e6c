package io.kvd.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns, two spaces apart, as wide as their widest cell. */
final class Table {
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[31m";
    private static final String RESET = "\u001b[0m";
    /** In the place of what is not known. */
    static final String NOTHING = "-";

    /** On which side of its column a cell stands. */
    enum Align {
        LEFT,
        RIGHT
    }

    private record Row(List<String> cells, String style) {}

    private final Settings.Colour colour;
    private final List<Align> aligns = new ArrayList<>();
    private final List<String> titles = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    Table(Settings.Colour colour) {
        this.colour = colour;
    }

    Table column(String title, Align align) {
        titles.add(title);
        aligns.add(align);
        return this;
    }

    /** One cell a column, in their order. */
    void row(List<String> cells) {
        rows.add(new Row(List.copyOf(cells), ""));
    }

    /** A row that needs a look. */
    void warningRow(List<String> cells) {
        rows.add(new Row(List.copyOf(cells), RED));
    }

    /** The cells of a row of which only the first and the last ones are known. */
    List<String> sparse(List<String> first, List<String> last) {
        List<String> cells = new ArrayList<>(first);
        while (cells.size() < titles.size() - last.size()) {
            cells.add(NOTHING);
        }
        cells.addAll(last);
        return cells;
    }

    /** Title line and rows, each ended by a line feed. */
    String render() {
        int[] widths = widths();
        StringBuilder text = new StringBuilder();
        renderLine(new Row(titles, BOLD), widths, text);
        for (Row row : rows) {
            renderLine(row, widths, text);
        }
        return text.toString();
    }

    private void renderLine(Row row, int[] widths, StringBuilder text) {
        boolean styled = colour == Settings.Colour.ON && !row.style().isEmpty();
        text.append(styled ? row.style() : "");
        List<String> cells = row.cells();
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(widths[i] - width(cells.get(i)));
            boolean last = i == cells.size() - 1;
            if (aligns.get(i) == Align.RIGHT) {
                text.append(padding).append(cells.get(i)).append(last ? "" : "  ");
            } else {
                text.append(cells.get(i)).append(last ? "" : padding + "  ");
            }
        }
        text.append(styled ? RESET : "").append('\n');
    }

    private int[] widths() {
        int[] widths = new int[titles.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = width(titles.get(i));
            for (Row row : rows) {
                widths[i] = Math.max(widths[i], width(row.cells().get(i)));
            }
        }
        return widths;
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
