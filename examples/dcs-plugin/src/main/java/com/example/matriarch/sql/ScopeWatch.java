package com.example.matriarch.sql;

import io.matriarch.spi.DcsListener;
import io.matriarch.spi.EntryKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listener what changed. A thread with a connection of its own compares the versions of
 * the watched entries: when a notification comes, when the lease is due to end (nobody writes
 * then), and several times in a loop's nap (a silent connection would hide everything else). After
 * each connect it tells to look again, because of what may have been missed.
 */
final class ScopeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeWatch.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration AFTER_THE_END = Duration.ofMillis(10);
    private static final String VERSIONS =
            "SELECT key, version, extract(epoch FROM expires - now()) * 1000 FROM alive"
                    + " WHERE scope = ? AND key IN ('leader', 'config', 'failover', 'sync')";

    private final String scope;
    private final Connections connections;
    private final DcsListener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Duration loopWait;
    private volatile Optional<Connection> used = Optional.empty();

    /** What was seen at one moment. */
    private record Seen(Map<EntryKind, Long> versions, Duration untilNextEnd) {}

    ScopeWatch(
            String scope, Connections connections, Duration loopWait, DcsListener listener) {
        this.scope = scope;
        this.connections = connections;
        this.loopWait = loopWait;
        this.listener = listener;
    }

    void start() {
        Thread thread = new Thread(this::run, "sql-watch");
        thread.setDaemon(true);
        thread.start();
    }

    void loopWait(Duration changed) {
        loopWait = changed;
    }

    private Duration interval() {
        return loopWait.dividedBy(4);
    }

    /** Silence and the look that ends it fit in one nap. */
    private Duration patience() {
        return loopWait.dividedBy(2);
    }

    private void run() {
        while (closed.getCount() > 0) {
            try (Connection connection = connections.open(patience())) {
                used = Optional.of(connection);
                watch(connection);
            } catch (SQLException e) {
                LOG.debug("the watch of {} begins again: {}", scope, e.toString());
                pause();
            }
        }
    }

    private void pause() {
        try {
            closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("the watch of {} was interrupted", scope);
        }
    }

    private void watch(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) patience().toMillis());
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + Channel.of(scope));
        }
        PGConnection notified = connection.unwrap(PGConnection.class);
        Seen last = look(connection);
        listener.changed(Set.of());
        while (closed.getCount() > 0) {
            notified.getNotifications((int) Math.max(1, last.untilNextEnd().toMillis()));
            Seen now = look(connection);
            Set<EntryKind> changed = changed(last, now);
            last = now;
            if (!changed.isEmpty()) {
                listener.changed(changed);
            }
        }
    }

    private static Set<EntryKind> changed(Seen before, Seen now) {
        Set<EntryKind> changed = EnumSet.noneOf(EntryKind.class);
        for (EntryKind kind : EntryKind.values()) {
            if (!Objects.equals(before.versions().get(kind), now.versions().get(kind))) {
                changed.add(kind);
            }
        }
        return changed;
    }

    private Seen look(Connection connection) throws SQLException {
        Map<EntryKind, Long> versions = new EnumMap<>(EntryKind.class);
        Duration next = interval();
        try (PreparedStatement statement = connection.prepareStatement(VERSIONS)) {
            statement.setString(1, scope);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long version = rows.getLong(2);
                    EntryKind.ofKey(rows.getString(1)).ifPresent(k -> versions.put(k, version));
                    long left = rows.getLong(3);
                    if (!rows.wasNull()) {
                        next = shorter(next, Duration.ofMillis(left).plus(AFTER_THE_END));
                    }
                }
            }
        }
        return new Seen(versions, next);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public void close() {
        closed.countDown();
        used.ifPresent(Connections::end);
    }
}
