package io.matriarch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code list} and {@code topology} print of one cluster. */
final class MemberListing {
    private final ClusterPicture picture;

    MemberListing(ClusterPicture picture) {
        this.picture = picture;
    }

    void print(Console console, Format format, boolean extended) {
        List<Map<String, Object>> members = picture.members();
        List<Map<String, Object>> shown =
                format == Format.TOPOLOGY ? Topology.of(members) : members;
        MemberRows rows = MemberRows.of(picture.cluster(), shown, extended, format);
        switch (format) {
            case PRETTY, TOPOLOGY -> printBox(console, rows);
            case TSV -> console.line(printer(rows).tsv());
            case JSON -> console.line(printer(rows).json(false));
            case YAML, YML -> console.line(printer(rows).yaml(false));
        }
    }

    private static RowPrinter printer(MemberRows rows) {
        return new RowPrinter(rows.columns(), rows.rows());
    }

    private void printBox(Console console, MemberRows rows) {
        List<String> columns = new ArrayList<>(rows.columns());
        columns.remove(MemberRows.CLUSTER);
        console.line(new RowPrinter(columns, rows.rows()).box(title()));
        picture.footer().forEach(console::line);
    }

    private String title() {
        return " Cluster: " + picture.cluster() + " (" + picture.identity() + ") ";
    }
}
