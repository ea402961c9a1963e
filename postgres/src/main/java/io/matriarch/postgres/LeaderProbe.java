package io.matriarch.postgres;

import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Member;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Asks the leader's server what a divergence check and a rewind need to know. */
final class LeaderProbe {
    private static final int TIMELINE_DIGITS = 8;

    /** Control timeline, and the name of the current WAL file; no file name while in recovery. */
    private static final String CHECKPOINTED =
            "SELECT c.timeline_id, CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL"
                    + " ELSE pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()) END"
                    + " FROM pg_catalog.pg_control_checkpoint() c";

    private final PostgresConfig config;
    private final String connUrl;

    LeaderProbe(PostgresConfig config, Member leader) {
        this.config = config;
        this.connUrl = leader.connUrl().orElse("");
    }

    /**
     * @param writable it is not in recovery
     * @param checkpointed its control file shows the current timeline, so that pg_rewind can use it
     */
    record Readiness(boolean writable, boolean checkpointed) {}

    Readiness readiness() throws SQLException {
        try (Connection connection =
                        Sql.monitor(Addresses.remote(config, connUrl, Addresses.rewind(config)));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CHECKPOINTED)) {
            if (!row.next()) {
                throw new SQLException("the leader gave no row");
            }
            String file = row.getString(2);
            return new Readiness(
                    file != null,
                    file != null
                            && Integer.parseUnsignedInt(file.substring(0, TIMELINE_DIGITS), 16)
                                    == row.getInt(1));
        }
    }

    /**
     * @param timeline its current one
     * @param history the timelines behind it; empty on the first
     */
    record Timelines(int timeline, List<HistoryLine> history) {}

    /**
     * @param known the local timeline: the history is fetched only if the leader's is newer
     */
    Timelines timelines(int known) throws SQLException {
        try (Connection connection =
                        Sql.replication(Addresses.remote(config, connUrl, config.replication()));
                Statement statement = connection.createStatement()) {
            int timeline;
            try (ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
                if (!row.next()) {
                    throw new SQLException("IDENTIFY_SYSTEM gave no row");
                }
                timeline = row.getInt("timeline");
            }
            if (timeline <= known || timeline <= 1) {
                return new Timelines(timeline, List.of());
            }
            try (ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
                if (!row.next()) {
                    throw new SQLException("TIMELINE_HISTORY gave no row");
                }
                return new Timelines(timeline, HistoryFile.parse(row.getString("content")));
            }
        }
    }
}
