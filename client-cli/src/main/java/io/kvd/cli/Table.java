package io.kvd.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns, two spaces apart, as wide as their widest cell. */
final class Table {
    /** On which side of its column a cell stands. */
    enum Align {
        LEFT,
        RIGHT
    }

    private final List<Align> aligns = new ArrayList<>();
    private final List<String> titles = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    Table column(String title, Align align) {
        titles.add(title);
        aligns.add(align);
        return this;
    }

    /** One cell a column, in their order. */
    Table row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    /** Title line and rows, each ended by a line feed. */
    String render() {
        StringBuilder text = new StringBuilder();
        renderLine(titles, text);
        for (List<String> row : rows) {
            renderLine(row, text);
        }
        return text.toString();
    }

    private void renderLine(List<String> cells, StringBuilder text) {
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            int padding = width(i) - cell.codePointCount(0, cell.length());
            if (aligns.get(i) == Align.RIGHT) {
                text.append(" ".repeat(padding));
            }
            text.append(cell);
            if (i < cells.size() - 1) {
                text.append(aligns.get(i) == Align.RIGHT ? "  " : " ".repeat(padding + 2));
            }
        }
        text.append('\n');
    }

    private int width(int column) {
        String title = titles.get(column);
        int width = title.codePointCount(0, title.length());
        for (List<String> row : rows) {
            String cell = row.get(column);
            width = Math.max(width, cell.codePointCount(0, cell.length()));
        }
        return width;
    }
}
