package io.matriarch.cli;

import io.matriarch.engine.codec.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Prints rows in one of the formats that {@code --format} names. */
final class RowPrinter {
    private static final Set<String> RIGHT =
            Set.of("Group", "TL", "LSN", "Receive LSN", "Receive Lag", "Replay LSN", "Replay Lag");

    private final List<String> columns;
    private final List<Map<String, Object>> rows;

    RowPrinter(List<String> columns, List<Map<String, Object>> rows) {
        this.columns = List.copyOf(columns);
        this.rows = List.copyOf(rows);
    }

    /**
     * @param title overwrites the upper rule of the box; empty for none
     */
    String box(String title) {
        Box box = new Box(title, columns.stream().map(RowPrinter::column).toList());
        for (Map<String, Object> row : rows) {
            box.row(columns.stream().map(column -> String.valueOf(row.get(column))).toList());
        }
        return box.draw();
    }

    /** Both lags have one header, as scripts know it. */
    private static Box.Column column(String name) {
        return new Box.Column(name.endsWith(" Lag") ? "Lag" : name, RIGHT.contains(name));
    }

    /** A header line and one line for each row. */
    String tsv() {
        List<String> lines = new ArrayList<>();
        lines.add(String.join("\t", columns));
        for (Map<String, Object> row : rows) {
            lines.add(
                    String.join(
                            "\t", columns.stream().map(c -> String.valueOf(row.get(c))).toList()));
        }
        return String.join("\n", lines);
    }

    /**
     * @param keepEmpty whether cells without a text stay
     */
    String json(boolean keepEmpty) {
        return Json.spaced(elements(keepEmpty));
    }

    /** Ends with a line end of its own. */
    String yaml(boolean keepEmpty) {
        return YamlText.block(elements(keepEmpty));
    }

    private List<Map<String, Object>> elements(boolean keepEmpty) {
        List<Map<String, Object>> elements = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> element = new LinkedHashMap<>();
            for (String column : columns) {
                if (keepEmpty || !"".equals(row.get(column))) {
                    element.put(column, row.get(column));
                }
            }
            elements.add(element);
        }
        return elements;
    }
}
