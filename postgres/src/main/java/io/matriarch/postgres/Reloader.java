package io.matriarch.postgres;

import io.matriarch.engine.config.PostgresParameters;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.Upstream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings changed settings to a running server, and tells which of them wait for a restart. */
final class Reloader {
    private static final Logger log = LoggerFactory.getLogger(Reloader.class);
    private static final Duration RELOAD_LIMIT = Duration.ofSeconds(2);
    private static final String LOADED =
            "SELECT extract(epoch FROM pg_catalog.pg_conf_load_time())::text";
    private static final String PENDING =
            "SELECT name, pg_catalog.current_setting(name), vartype, coalesce(unit, '')"
                    + " FROM pg_catalog.pg_settings WHERE pending_restart";

    private final Instance instance;
    private final ConfigFiles files;
    private final RecoveryParameters recoveryParameters;

    Reloader(Instance instance, ConfigFiles files) {
        this.instance = instance;
        this.files = files;
        this.recoveryParameters = new RecoveryParameters(instance);
    }

    /** Tells the postmaster to read its files. */
    boolean signal() {
        return instance.postmaster()
                .filter(server -> instance.commands().signal("HUP", server.pid()))
                .isPresent();
    }

    /**
     * Writes the files of the running server; reloads it if one has changed.
     *
     * @return whether it was told to reload
     */
    boolean reload() throws IOException {
        if (instance.postmaster().isEmpty()) {
            return false;
        }
        Role role = instance.role();
        boolean standby = instance.directory().standbyConfigured();
        Optional<Upstream> upstream =
                files.configuredConnInfo().flatMap(recoveryParameters::upstreamOf);
        Recovery recovery = standby ? Recovery.standbyOf(upstream) : Recovery.NONE;
        if (!files.write(role, recovery)) {
            return false;
        }
        log.info("Reloading PostgreSQL configuration.");
        try (Connection connection =
                Sql.monitor(Addresses.local(instance.config(), instance.config().superuser()))) {
            String before = value(connection, LOADED);
            boolean told = signal();
            awaitLoaded(connection, before);
            instance.pendingRestart(pending(connection, role));
            return told;
        } catch (SQLException e) {
            // A standby that is not open yet: it reads the files all the same.
            log.info("Pending restarts are unknown after the reload: {}", e.getMessage());
            return signal();
        }
    }

    /** A session reads the files when the postmaster tells it, before its next statement. */
    private void awaitLoaded(Connection connection, String before) throws SQLException {
        long end = System.nanoTime() + RELOAD_LIMIT.toNanos();
        Cancellation wait = new Cancellation();
        while (value(connection, LOADED).equals(before) && System.nanoTime() < end) {
            if (!wait.tick()) {
                return;
            }
        }
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    private Map<String, PendingChange> pending(Connection connection, Role role)
            throws SQLException {
        Map<String, String> wanted = files.parameters(role);
        Map<String, PendingChange> pending = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PENDING)) {
            while (row.next()) {
                String name = row.getString(1);
                if (!PostgresParameters.isRecovery(name) && !name.equals("hot_standby")) {
                    String next = wanted.containsKey(name) ? wanted.get(name) : fromFiles(name);
                    String shown =
                            PostgresParameters.display(next, row.getString(3), row.getString(4));
                    pending.put(name, new PendingChange(row.getString(2), shown));
                }
            }
        }
        return pending;
    }

    /** The value that a start would take, for a parameter that is not ours. */
    private String fromFiles(String name) {
        try {
            Commands.Result result =
                    instance.runTool(
                            "postgres",
                            java.util.List.of(
                                    "-D",
                                    instance.config().dataDir(),
                                    "-C",
                                    name,
                                    "--config-file=" + files.main()));
            return result.ok() ? result.output().trim() : "?";
        } catch (IOException e) {
            log.debug("postgres -C {} failed: {}", name, e.toString());
            return "?";
        }
    }
}
