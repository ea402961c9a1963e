package io.matriarch.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.port.PostgresStatus;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The one query that an observation asks a running server. It uses functions instead of views and
 * yields exactly one row on a primary and on a standby.
 */
final class StatusQuery {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Map<String, Object>>> ROWS = new TypeReference<>() {};
    private static final int TIMELINE_DIGITS = 8;

    private StatusQuery() {}

    /**
     * An answer, and what is not part of the published status.
     *
     * @param connInfo primary_conninfo; empty text if none
     * @param slotName primary_slot_name; empty text if none
     */
    record Answer(PostgresStatus status, String connInfo, String slotName) {}

    private static String text(int version) {
        String written = version >= 130000 ? "wr.written_lsn" : "wr.received_lsn";
        return """
        WITH st AS MATERIALIZED (SELECT pg_catalog.pg_is_in_recovery() AS rec)
        SELECT st.rec,
          CASE WHEN st.rec THEN NULL
               ELSE pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()) END,
          CASE WHEN st.rec THEN NULL ELSE pg_catalog.pg_current_wal_flush_lsn() END::text,
          pg_catalog.pg_last_wal_receive_lsn()::text,
          %s::text,
          CASE WHEN st.rec THEN pg_catalog.pg_last_wal_replay_lsn() END::text,
          CASE WHEN st.rec THEN pg_catalog.pg_is_wal_replay_paused() ELSE false END,
          CASE WHEN st.rec THEN pg_catalog.pg_last_xact_replay_timestamp() END::text,
          CASE WHEN wr.latest_end_lsn IS NOT NULL THEN wr.received_tli END,
          wr.status,
          wr.latest_end_lsn::text,
          pg_catalog.current_setting('restore_command'),
          pg_catalog.current_setting('primary_conninfo'),
          pg_catalog.current_setting('primary_slot_name'),
          pg_catalog.to_char(pg_catalog.pg_postmaster_start_time(),
                             'YYYY-MM-DD HH24:MI:SS.USTZH:TZM'),
          pg_catalog.current_setting('server_version_num')::int,
          (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                    'usename', r.rolname, 'application_name', a.application_name,
                    'client_addr', a.client_addr, 'state', ws.state,
                    'sync_state', ws.sync_state, 'sync_priority', ws.sync_priority))
             FROM pg_catalog.pg_stat_get_wal_senders() ws
             JOIN LATERAL pg_catalog.pg_stat_get_activity(ws.pid) a ON true
             LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid),
          (SELECT pg_catalog.json_object_agg(s.slot_name,
                    CASE s.slot_type WHEN 'physical' THEN s.restart_lsn
                                     ELSE s.confirmed_flush_lsn END::text)
             FROM pg_catalog.pg_get_replication_slots() s WHERE NOT s.temporary)
        FROM st CROSS JOIN pg_catalog.pg_stat_get_wal_receiver() wr
        """
                .formatted(written);
    }

    /** The server's version decides the text; the connection knows it. */
    static Answer ask(Connection connection) throws SQLException {
        int version =
                connection.getMetaData().getDatabaseMajorVersion() * 10000
                        + connection.getMetaData().getDatabaseMinorVersion();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(text(version))) {
            if (!row.next()) {
                throw new SQLException("the status query gave no row");
            }
            return read(row);
        }
    }

    private static Answer read(ResultSet row) throws SQLException {
        boolean recovery = row.getBoolean(1);
        Lsn replayed = lsn(row, 6);
        PostgresStatus status =
                new PostgresStatus(
                        recovery,
                        recovery ? row.getInt(9) : timeline(row.getString(2)),
                        lsn(row, 3),
                        recovery ? lsn(row, 4).max(lsn(row, 5)) : Lsn.ZERO,
                        replayed,
                        row.getBoolean(7),
                        Optional.ofNullable(row.getString(8)),
                        "streaming".equals(row.getString(10)),
                        lsn(row, 11),
                        !Optional.ofNullable(row.getString(12)).orElse("").isEmpty(),
                        senders(row.getString(17)),
                        slots(row.getString(18)),
                        row.getString(15),
                        row.getInt(16));
        return new Answer(
                status,
                Optional.ofNullable(row.getString(13)).orElse(""),
                Optional.ofNullable(row.getString(14)).orElse(""));
    }

    private static Lsn lsn(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? Lsn.ZERO : Lsn.parse(text);
    }

    private static int timeline(String walFile) {
        return walFile == null
                ? 0
                : Integer.parseUnsignedInt(walFile.substring(0, TIMELINE_DIGITS), 16);
    }

    private static List<Map<String, Object>> senders(String json) throws SQLException {
        try {
            return json == null ? List.of() : JSON.readValue(json, ROWS);
        } catch (JsonProcessingException e) {
            throw new SQLException("the server's list of WAL senders is no JSON", e);
        }
    }

    private static Map<String, Lsn> slots(String json) throws SQLException {
        Map<String, Lsn> slots = new TreeMap<>();
        try {
            if (json != null) {
                JSON.readValue(json, new TypeReference<Map<String, String>>() {})
                        .forEach(
                                (name, text) ->
                                        slots.put(name, text == null ? Lsn.ZERO : Lsn.parse(text)));
            }
        } catch (JsonProcessingException e) {
            throw new SQLException("the server's list of slots is no JSON", e);
        }
        return slots;
    }

    static PostgresStatus withTimeline(PostgresStatus s, int timeline) {
        return new PostgresStatus(
                s.inRecovery(),
                timeline,
                s.position(),
                s.received(),
                s.replayed(),
                s.replayPaused(),
                s.replayedTimestamp(),
                s.streaming(),
                s.latestEnd(),
                s.archiveRecovery(),
                s.senders(),
                s.slots(),
                s.postmasterStartTime(),
                s.serverVersion());
    }
}
