package io.matriarch.postgres;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates, moves and drops physical slots until they are as wanted. Used by one lane. */
final class SlotKeeper {
    private static final Logger log = LoggerFactory.getLogger(SlotKeeper.class);
    private static final String LIST =
            "SELECT slot_name, active, restart_lsn::text, xmin IS NOT NULL%s"
                    + " FROM pg_catalog.pg_replication_slots"
                    + " WHERE NOT temporary AND slot_type = 'physical'";
    private static final String CREATE =
            "SELECT pg_catalog.pg_create_physical_replication_slot($1, true)"
                    + " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots"
                    + " WHERE slot_name = $1)";
    private static final String DROP =
            "SELECT pg_catalog.pg_drop_replication_slot(slot_name)"
                    + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ? AND NOT active";

    private final Instance instance;
    private Optional<Connection> connection = Optional.empty();
    private String lastFailure = "";

    SlotKeeper(Instance instance) {
        this.instance = instance;
    }

    private record Slot(boolean active, Lsn restart, boolean hasXmin, boolean lost) {}

    /** Failures are logged; the next call starts anew. */
    void keep(Settings settings, ClusterView view) {
        if (!instance.config().useSlots()) {
            return;
        }
        try {
            if (connection.isEmpty()) {
                connection =
                        Optional.of(
                                Sql.monitor(
                                        Addresses.local(
                                                instance.config(), instance.config().superuser())));
            }
            keep(connection.get(), settings, view);
            if (!lastFailure.isEmpty()) {
                log.info("Replication slots are kept again");
                lastFailure = "";
            }
        } catch (SQLException e) {
            failed(e);
            close();
        }
    }

    /** A cause is told once, until it is over or another one follows. */
    private void failed(SQLException e) {
        String cause = e.getSQLState() + " " + advice(e);
        if (cause.equals(lastFailure)) {
            log.debug("Replication slots could not be kept: {}", e.getMessage());
            return;
        }
        lastFailure = cause;
        log.warn("Replication slots could not be kept: {}; {}", e.getMessage(), advice(e));
    }

    static String advice(SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case "53400" ->
                    "raise max_replication_slots in the dynamic configuration and restart the"
                            + " members, or drop slots that nobody needs";
            case "42501" ->
                    "postgresql.authentication.superuser must name a superuser or a user with"
                            + " REPLICATION";
            case "28P01", "28000" ->
                    "check postgresql.authentication.superuser and pg_hba.conf for local"
                            + " connections";
            case "53300" -> "raise max_connections or superuser_reserved_connections";
            case "57P01", "57P02", "57P03", "08001", "08003", "08004", "08006" ->
                    "the server is starting or stopping, and it is tried again in the next round";
            default -> "it is tried again in the next round";
        };
    }

    void close() {
        Optional<Connection> old = connection;
        connection = Optional.empty();
        old.ifPresent(
                each -> {
                    try {
                        each.abort(Runnable::run);
                    } catch (SQLException e) {
                        log.debug("Closing a connection failed: {}", e.toString());
                    }
                });
    }

    private void keep(Connection sql, Settings settings, ClusterView view) throws SQLException {
        Map<String, MemberSlots.Wanted> wanted =
                MemberSlots.wanted(instance.setup().memberName(), instance.role(), settings, view);
        Map<String, Slot> present = list(sql);
        for (Map.Entry<String, Slot> slot : present.entrySet()) {
            boolean ignored =
                    settings.pause()
                            || MemberSlots.ignored(settings.document(), slot.getKey(), "physical");
            boolean useless = !wanted.containsKey(slot.getKey()) || slot.getValue().lost();
            if (useless && !ignored) {
                drop(sql, slot.getKey(), slot.getValue());
            }
        }
        for (Map.Entry<String, MemberSlots.Wanted> each : wanted.entrySet()) {
            adjust(sql, each.getKey(), each.getValue(), present.get(each.getKey()), view);
        }
    }

    private void adjust(
            Connection sql, String name, MemberSlots.Wanted wanted, Slot slot, ClusterView view)
            throws SQLException {
        if (slot == null || slot.lost()) {
            run(sql, CREATE.replace("$1", Sql.literal(name)));
            log.info("Created replication slot '{}'", name);
        } else if (!wanted.expectedActive() && !slot.active()) {
            boolean xminTrusted = slot.hasXmin() && view.leader().isPresent();
            if (xminTrusted || slot.restart().isZero()) {
                drop(sql, name, slot); // created again, without xmin, at the next call
            } else if (!slot.hasXmin() && wanted.position().after(slot.restart())) {
                run(
                        sql,
                        "SELECT pg_catalog.pg_replication_slot_advance("
                                + Sql.literal(name)
                                + ", "
                                + Sql.literal(wanted.position().toString())
                                + ")");
            }
        }
    }

    private static Map<String, Slot> list(Connection sql) throws SQLException {
        boolean status = sql.getMetaData().getDatabaseMajorVersion() >= 13;
        Map<String, Slot> slots = new TreeMap<>();
        String text = LIST.formatted(status ? ", wal_status = 'lost'" : ", false");
        try (PreparedStatement statement = sql.prepareStatement(text);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String restart = row.getString(3);
                slots.put(
                        row.getString(1),
                        new Slot(
                                row.getBoolean(2),
                                restart == null ? Lsn.ZERO : Lsn.parse(restart),
                                row.getBoolean(4),
                                row.getBoolean(5)));
            }
        }
        return slots;
    }

    private static void drop(Connection sql, String name, Slot slot) throws SQLException {
        if (slot.active()) {
            log.warn("Unable to drop replication slot '{}', slot is active", name);
            return;
        }
        try (PreparedStatement statement = sql.prepareStatement(DROP)) {
            statement.setString(1, name);
            statement.execute();
        }
        log.info("Dropped replication slot '{}'", name);
    }

    private static void run(Connection sql, String text) throws SQLException {
        try (PreparedStatement statement = sql.prepareStatement(text)) {
            statement.execute();
        }
    }
}
