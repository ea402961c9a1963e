package io.matriarch.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;

/**
 * A table with {@code +}, {@code -} and {@code |}, cell by cell the one that scripts know. The
 * library draws it; the title and the choice of rules are ours: docs/decisions/0005-ctl-table.md.
 */
final class Box {
    private final String title;
    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** A column and the side its cells (and its header) lean to. */
    record Column(String header, boolean right) {
        private com.github.freva.asciitable.Column drawn() {
            HorizontalAlign side = right ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
            return new com.github.freva.asciitable.Column()
                    .header(header)
                    .headerAlign(side)
                    .dataAlign(side)
                    .maxWidth(Integer.MAX_VALUE);
        }
    }

    /**
     * @param title overwrites the upper rule; empty for a plain box
     */
    Box(String title, List<Column> columns) {
        this.title = title;
        this.columns = List.copyOf(columns);
    }

    void row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells in a row of " + columns);
        }
        rows.add(List.copyOf(cells));
    }

    /** All lines, joined by line ends, without one at the end. */
    String draw() {
        boolean separated = rows.stream().flatMap(List::stream).anyMatch(c -> c.contains("\n"));
        String table =
                AsciiTable.builder()
                        .lineSeparator("\n")
                        .border(
                                separated
                                        ? AsciiTable.BASIC_ASCII
                                        : AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                        .data(
                                columns.stream()
                                        .map(Column::drawn)
                                        .toArray(com.github.freva.asciitable.Column[]::new),
                                rows.stream()
                                        .map(row -> row.toArray(String[]::new))
                                        .toArray(String[][]::new))
                        .asString();
        return titled(table);
    }

    /** The title begins at the second character of the upper rule and ends before its last. */
    private String titled(String table) {
        int width = table.indexOf('\n');
        String fitting = title.substring(0, Math.max(0, Math.min(title.length(), width - 2)));
        return table.charAt(0) + fitting + table.substring(1 + fitting.length());
    }
}
