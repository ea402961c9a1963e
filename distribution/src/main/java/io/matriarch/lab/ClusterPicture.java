package io.matriarch.lab;

import java.util.List;
import java.util.Optional;

/**
 * What {@code GET /cluster} of some member told.
 *
 * @param rows one a member
 */
public record ClusterPicture(List<Row> rows) {
    public static final ClusterPicture NOTHING = new ClusterPicture(List.of());

    /**
     * @param lag bytes behind the leader, as text
     */
    public record Row(
            String name,
            String role,
            String state,
            String host,
            int port,
            String timeline,
            String lag) {
        public boolean leads() {
            return role.equals("leader") && state.equals("running");
        }

        public boolean follows() {
            return !role.equals("leader") && state.equals("streaming");
        }
    }

    public Optional<String> leader() {
        return rows.stream().filter(Row::leads).map(Row::name).findFirst();
    }

    /** A leader runs, everybody else streams from it, and all are on one timeline. */
    public boolean isWhole(int members) {
        return rows.size() == members
                && rows.stream().filter(Row::leads).count() == 1
                && rows.stream().filter(Row::follows).count() == members - 1
                && rows.stream().map(Row::timeline).distinct().count() == 1;
    }

    /** The table, one line a member below a heading. */
    public String table() {
        StringBuilder text = new StringBuilder();
        String format = "  %-8s %-17s %-8s %-16s %4s %10s%n";
        text.append(String.format(format, "Member", "Host", "Role", "State", "TL", "Lag"));
        for (Row row : rows) {
            text.append(
                    String.format(
                            format,
                            row.name(),
                            row.host() + ":" + row.port(),
                            row.role(),
                            row.state(),
                            row.timeline(),
                            row.lag()));
        }
        return text.toString();
    }
}
