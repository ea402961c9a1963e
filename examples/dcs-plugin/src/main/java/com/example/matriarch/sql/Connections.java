package com.example.matriarch.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections with the tables in place. A few idle ones wait for the next call. Thread-safe. */
final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int MOST_IDLE = 2;

    private final SqlSettings settings;
    private final Clock clock;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private boolean closed;

    Connections(SqlSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** An idle connection, or a new one. The caller gives it back or ends it. */
    Connection take(Duration patience) throws SQLException {
        Optional<Connection> waiting = idle();
        return waiting.isPresent() ? waiting.get() : open(patience);
    }

    private synchronized Optional<Connection> idle() throws SQLException {
        while (!idle.isEmpty()) {
            Connection connection = idle.pop();
            if (!connection.isClosed()) {
                return Optional.of(connection);
            }
        }
        return Optional.empty();
    }

    void give(Connection connection) {
        synchronized (this) {
            if (!closed && idle.size() < MOST_IDLE) {
                idle.push(connection);
                return;
            }
        }
        end(connection);
    }

    /** Ends a connection at once, also under a call that waits on it. */
    static void end(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("a connection cannot be ended: {}", e.toString());
        }
    }

    /** A new connection for the caller alone. */
    Connection open(Duration patience) throws SQLException {
        Properties login = new Properties();
        login.putAll(settings.login());
        long seconds = Math.max(1, (patience.toMillis() + 999) / 1000);
        login.setProperty("loginTimeout", Long.toString(seconds));
        login.setProperty("connectTimeout", Long.toString(seconds));
        login.setProperty("socketTimeout", Long.toString(seconds));
        Connection connection = new Driver().connect(settings.url(), login);
        boolean ready = false;
        try {
            prepare(connection);
            // From here on whoever uses it ends it when its own time is up.
            connection.setNetworkTimeout(Runnable::run, 0);
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                end(connection);
            }
        }
    }

    private void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT to_regclass('"
                                        + settings.schema()
                                        + ".layout_1') IS NOT NULL, now()")) {
            row.next();
            clock.saw(Clock.at(row, 2));
            if (!row.getBoolean(1)) {
                install(connection);
            }
        }
    }

    /** One client at a time; whoever comes second finds it done. */
    private void install(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('matriarch layout'))");
            boolean there;
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT to_regclass('" + settings.schema() + ".layout_1') IS NOT NULL")) {
                row.next();
                there = row.getBoolean(1);
            }
            if (!there) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + settings.schema());
                statement.execute("SET LOCAL search_path = " + settings.schema());
                statement.execute(script());
                LOG.info("made the tables in schema {} of {}", settings.schema(), settings);
            }
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    private static String script() {
        try (InputStream script = Connections.class.getResourceAsStream("schema.sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the plug-in's jar cannot be read", e);
        }
    }

    @Override
    public void close() {
        Deque<Connection> left;
        synchronized (this) {
            closed = true;
            left = new ArrayDeque<>(idle);
            idle.clear();
        }
        left.forEach(Connections::end);
    }
}
