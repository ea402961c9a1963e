package io.matriarch.cli;

import io.matriarch.engine.model.HistoryLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "history", description = "Show past changes of the leader.")
final class HistoryCommand extends CtlCommand {
    private static final List<String> COLUMNS =
            List.of("TL", "LSN", "Reason", "Timestamp", "New Leader");

    @Mixin private OptionalCluster cluster;
    @Mixin private OutputFormat format;

    @Override
    Verdict act() {
        try (CtlSession session = open(cluster.name())) {
            List<Map<String, Object>> rows = new ArrayList<>();
            session.picture()
                    .view()
                    .history()
                    .orElse(List.of())
                    .forEach(line -> rows.add(row(line)));
            RowPrinter printer = new RowPrinter(COLUMNS, rows);
            console()
                    .line(
                            switch (format.format()) {
                                case PRETTY, TOPOLOGY -> printer.box("");
                                case TSV -> printer.tsv();
                                case JSON -> printer.json(true);
                                case YAML, YML -> printer.yaml(true);
                            });
            return Verdict.DONE;
        }
    }

    private static Map<String, Object> row(HistoryLine line) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("TL", line.timeline());
        row.put("LSN", line.switchedAt().bytes());
        row.put("Reason", line.reason());
        row.put("Timestamp", line.time().orElse(""));
        row.put("New Leader", line.newLeader().orElse(""));
        return row;
    }
}
