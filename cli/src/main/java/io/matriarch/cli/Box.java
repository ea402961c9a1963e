package io.matriarch.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A table drawn with {@code +}, {@code -} and {@code |}, cell by cell the one that scripts know.
 * Why no library draws it: docs/decisions/0005-ctl-table.md.
 */
final class Box {
    private final String title;
    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** A column and the side its cells (and its header) lean to. */
    record Column(String header, boolean right) {}

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
        int[] widths = widths();
        String rule = rule(widths);
        boolean separated = rows.stream().flatMap(List::stream).anyMatch(c -> c.contains("\n"));
        List<String> lines = new ArrayList<>();
        lines.add(titled(rule));
        lines.addAll(drawRow(columns.stream().map(Column::header).toList(), widths));
        lines.add(rule);
        for (List<String> row : rows) {
            lines.addAll(drawRow(row, widths));
            if (separated) {
                lines.add(rule);
            }
        }
        if (!separated) {
            lines.add(rule);
        }
        return String.join("\n", lines);
    }

    private int[] widths() {
        int[] widths = columns.stream().mapToInt(column -> width(column.header())).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return widths;
    }

    /** The longest line of a cell, in characters as people count them. */
    private static int width(String cell) {
        return cell.lines().mapToInt(line -> line.codePointCount(0, line.length())).max().orElse(0);
    }

    private static String rule(int[] widths) {
        StringBuilder rule = new StringBuilder("+");
        Arrays.stream(widths).forEach(width -> rule.append("-".repeat(width + 2)).append('+'));
        return rule.toString();
    }

    private String titled(String rule) {
        String fitting =
                title.substring(0, Math.max(0, Math.min(title.length(), rule.length() - 2)));
        return rule.charAt(0) + fitting + rule.substring(1 + fitting.length());
    }

    private List<String> drawRow(List<String> cells, int[] widths) {
        List<List<String>> split = cells.stream().map(cell -> cell.lines().toList()).toList();
        int height = Math.max(1, Collections.max(split.stream().map(List::size).toList()));
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < height; line++) {
            StringBuilder drawn = new StringBuilder("|");
            for (int i = 0; i < widths.length; i++) {
                List<String> cell = split.get(i);
                String text = line < cell.size() ? cell.get(line) : "";
                String padding = " ".repeat(widths[i] - width(text));
                boolean right = columns.get(i).right();
                drawn.append(' ').append(right ? padding + text : text + padding).append(" |");
            }
            lines.add(drawn.toString());
        }
        return lines;
    }
}
