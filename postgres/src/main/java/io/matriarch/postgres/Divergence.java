package io.matriarch.postgres;

import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether the local WAL left the leader's timeline. */
final class Divergence {
    private static final Logger log = LoggerFactory.getLogger(Divergence.class);

    private final Instance instance;
    private final ShutdownCheckpoint checkpoint;

    Divergence(Instance instance) {
        this.instance = instance;
        this.checkpoint = new ShutdownCheckpoint(instance);
    }

    /**
     * Where the local WAL ends.
     *
     * @param recovery of a standby; a former primary's is the place of its shutdown checkpoint
     */
    record Position(int timeline, Lsn lsn, boolean recovery) {}

    ActionResult check(Member leader) {
        if (leader.role().filter(role -> role == Role.PRIMARY).isEmpty()
                || leader.connUrl().isEmpty()) {
            return new ActionResult.NotYet(leader.name() + " does not say that it is the primary");
        }
        Optional<Position> local = running().or(this::stopped);
        if (local.isEmpty() && instance.directory().restoredCopy()) {
            log.info("backup_label exists: a copy that was never started has left no timeline");
            return new ActionResult.Divergence(false);
        }
        if (local.isEmpty()) {
            return new ActionResult.NotYet("The end of the local WAL is not known");
        }
        log.info("Local timeline={} lsn={}", local.get().timeline(), local.get().lsn());
        try {
            LeaderProbe probe = new LeaderProbe(instance.config(), leader);
            if (!probe.readiness().writable()) {
                return new ActionResult.NotYet(leader.name() + " is still in recovery");
            }
            LeaderProbe.Timelines there = probe.timelines(local.get().timeline());
            log.info("primary_timeline={}", there.timeline());
            boolean needed =
                    rewindNeeded(
                            local.get(),
                            there.timeline(),
                            there.history(),
                            () -> checkpoint.end(local.get().timeline(), local.get().lsn()));
            return new ActionResult.Divergence(needed);
        } catch (SQLException | IllegalArgumentException e) {
            return new ActionResult.NotYet(
                    leader.name() + " could not be asked: " + e.getMessage());
        }
    }

    /** The rule itself. The end of the checkpoint record is asked for only if it matters. */
    static boolean rewindNeeded(
            Position local,
            int leaderTimeline,
            List<HistoryLine> history,
            Supplier<Optional<Lsn>> checkpointEnd) {
        if (local.timeline() >= leaderTimeline) {
            return local.timeline() > leaderTimeline;
        }
        for (HistoryLine line : history) {
            if (line.timeline() > local.timeline()) {
                return true;
            }
            if (line.timeline() == local.timeline()) {
                int compared = local.lsn().compareTo(line.switchedAt());
                if (local.recovery()) {
                    return compared > 0;
                }
                // A former primary's checkpoint record may itself be the last thing before the
                // switch.
                return compared >= 0
                        || checkpointEnd.get().filter(line.switchedAt()::equals).isEmpty();
            }
        }
        return true;
    }

    private Optional<Position> running() {
        if (instance.postmaster().isEmpty()) {
            return Optional.empty();
        }
        var config = instance.config();
        try (Connection sql = Sql.monitor(Addresses.local(config, config.superuser()));
                Connection replication =
                        Sql.replication(Addresses.local(config, config.replication()))) {
            Optional<String> replayed =
                    one(sql, "SELECT pg_catalog.pg_last_wal_replay_lsn()::text", 1);
            Optional<String> timeline = one(replication, "IDENTIFY_SYSTEM", 2);
            return replayed.isPresent() && timeline.isPresent()
                    ? Optional.of(
                            new Position(
                                    Integer.parseInt(timeline.get()),
                                    Lsn.parse(replayed.get()),
                                    true))
                    : Optional.empty();
        } catch (SQLException e) {
            log.info("The local server did not tell its position: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<String> one(Connection connection, String sql, int column)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? Optional.ofNullable(row.getString(column)) : Optional.empty();
        }
    }

    private Optional<Position> stopped() {
        return position(instance.control());
    }

    /** By pg_controldata; only a clean end, or one in recovery, says where the WAL ends. */
    static Optional<Position> position(Map<String, String> control) {
        try {
            String state = control.getOrDefault("Database cluster state", "");
            boolean recovery =
                    state.equals("shut down in recovery") || state.equals("in archive recovery");
            if (recovery) {
                Lsn end = Lsn.parse(control.getOrDefault("Minimum recovery ending location", ""));
                int timeline =
                        Integer.parseInt(
                                control.getOrDefault("Min recovery ending loc's timeline", "0"));
                if (!end.isZero() && timeline > 0) {
                    return Optional.of(new Position(timeline, end, true));
                }
            }
            return recovery || state.equals("shut down")
                    ? Optional.of(
                            new Position(
                                    Integer.parseInt(
                                            control.getOrDefault(
                                                    "Latest checkpoint's TimeLineID", "")),
                                    Lsn.parse(
                                            control.getOrDefault("Latest checkpoint location", "")),
                                    false))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // damaged pg_control: nothing is known
        }
    }
}
