package io.matriarch.postgres;

import io.matriarch.engine.model.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kept connection for observations. Used by the observing lane; closed from anywhere. */
final class Heartbeat {
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private final Instance instance;
    private volatile Optional<Connection> connection = Optional.empty();
    private Map<String, String> connectedWith = Map.of();
    private Lsn timelineAt = Lsn.ZERO;
    private int timeline;

    Heartbeat(Instance instance) {
        this.instance = instance;
    }

    /** A broken connection is opened once more; a server that hangs is not asked twice. */
    StatusQuery.Answer ask() throws SQLException {
        boolean fresh = connection.isEmpty();
        long start = System.nanoTime();
        try {
            return complete(StatusQuery.ask(open()));
        } catch (SQLException e) {
            boolean quick = System.nanoTime() - start < 500_000_000L;
            if (Sql.connectionLost(e) || connection.isEmpty()) {
                close();
            }
            if (fresh || !quick || !Sql.connectionLost(e)) {
                throw e;
            }
        }
        return complete(StatusQuery.ask(open()));
    }

    private Connection open() throws SQLException {
        Map<String, String> keys =
                Addresses.local(instance.config(), instance.config().superuser());
        if (connection.isPresent() && !keys.equals(connectedWith)) {
            close();
        }
        if (connection.isEmpty()) {
            connection = Optional.of(Sql.monitor(keys));
            connectedWith = keys;
        }
        return connection.get();
    }

    /** Closes the socket: the server may be dead or hang. */
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

    /** A standby without a receiver does not know its timeline by SQL functions alone. */
    private StatusQuery.Answer complete(StatusQuery.Answer answer) {
        var status = answer.status();
        if (!status.inRecovery() || status.timeline() > 0) {
            return answer;
        }
        if (timeline == 0 || !timelineAt.equals(status.replayed())) {
            timeline = identify().orElseGet(this::controlTimeline);
            timelineAt = status.replayed();
        }
        return new StatusQuery.Answer(
                StatusQuery.withTimeline(status, timeline), answer.connInfo(), answer.slotName());
    }

    private Optional<Integer> identify() {
        var config = instance.config();
        try (Connection replication =
                        Sql.replication(Addresses.local(config, config.replication()));
                Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            return row.next() ? Optional.of(row.getInt("timeline")) : Optional.empty();
        } catch (SQLException e) {
            log.debug("IDENTIFY_SYSTEM failed: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private int controlTimeline() {
        return ControlFile.head(instance.dataPath()).map(ControlFile.Head::timeline).orElse(0);
    }
}
