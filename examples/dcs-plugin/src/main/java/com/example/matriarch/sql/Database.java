package com.example.matriarch.sql;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The functions of {@code schema.sql}, as calls. */
final class Database {
    private static final String SNAPSHOT =
            "SELECT now(), a.key, a.value, a.version, a.session"
                    + " FROM (VALUES (1)) AS one LEFT JOIN alive a ON a.scope = ?";
    private static final String CLAIM =
            "SELECT verdict, holder, kept, stored, at"
                    + " FROM claim(?, ?, ?, ? * interval '1 ms', ?, ?, ?)";
    private static final String RELEASE = "SELECT verdict, at FROM release(?, ?, ?, ?, ?, ?)";
    private static final String TOUCH =
            "SELECT verdict, kept, at FROM touch(?, ?, ?, ? * interval '1 ms', ?, ?)";
    private static final String CHANGE = "SELECT verdict, stored, at FROM change(?, ?, ?, ?, ?, ?)";
    private static final String PURGE = "SELECT verdict, at FROM purge(?, ?)";

    /**
     * @param sentAt before the request was sent
     * @param holder the other member, if the verdict is {@code held}
     */
    record Claim(String verdict, String holder, long session, long version, long sentAt) {}

    /** What became of a guarded write. */
    record Change(String verdict, long version) {}

    /** Reads the reply's only row. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** Sets the parameters of a statement that is about to be sent. */
    @FunctionalInterface
    private interface Filling {
        void into(PreparedStatement statement) throws SQLException;
    }

    private final Calls calls;
    private final Clock clock;
    private final Ticker ticker;

    Database(Calls calls, Clock clock, Ticker ticker) {
        this.calls = calls;
        this.clock = clock;
        this.ticker = ticker;
    }

    Snapshot snapshot(String scope, Deadline deadline) {
        try {
            return calls.run(
                    "reading the scope",
                    deadline,
                    Calls.Repeat.HARMLESS,
                    connection -> snapshot(connection, scope));
        } catch (DcsException.OutcomeUnknown e) {
            throw new DcsException.NotApplied(e.getMessage(), e);
        }
    }

    private Snapshot snapshot(Connection connection, String scope) throws SQLException {
        long sentAt = ticker.nanos();
        Map<EntryKind, Entry> entries = new EnumMap<>(EntryKind.class);
        TreeMap<String, Entry> members = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SNAPSHOT)) {
            statement.setString(1, scope);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    clock.saw(Clock.at(rows, 1));
                    Optional<String> key = Optional.ofNullable(rows.getString(2));
                    EntryKind kind = key.flatMap(EntryKind::ofKey).orElse(null);
                    if (kind == EntryKind.MEMBER) {
                        String name = key.get().substring(EntryKind.MEMBER.key().length());
                        members.put(name, entry(kind, rows));
                    } else if (kind != null) {
                        entries.put(kind, entry(kind, rows));
                    }
                }
            }
        }
        return new Snapshot(entries, members, sentAt);
    }

    private static Entry entry(EntryKind kind, ResultSet row) throws SQLException {
        return new Entry(
                kind,
                text(row.getBytes(3)),
                new Version(Long.toString(row.getLong(4))),
                Optional.ofNullable(row.getString(5)));
    }

    Claim claim(
            String what,
            String scope,
            String me,
            Optional<Long> session,
            Duration ttl,
            LeaderUpdate update,
            Deadline deadline) {
        return calls.run(
                what,
                deadline,
                Calls.Repeat.HARMLESS,
                connection -> {
                    long sentAt = ticker.nanos();
                    return ask(
                            connection,
                            CLAIM,
                            statement -> {
                                statement.setString(1, scope);
                                statement.setString(2, me);
                                statement.setObject(3, session.orElse(null), java.sql.Types.BIGINT);
                                statement.setLong(4, ttl.toMillis());
                                statement.setBytes(5, bytes(update.status()));
                                statement.setBytes(6, bytes(update.failsafe()));
                                statement.setObject(7, clock.theirs(deadline));
                            },
                            5,
                            row ->
                                    new Claim(
                                            row.getString(1),
                                            text(row.getBytes(2)),
                                            row.getLong(3),
                                            row.getLong(4),
                                            sentAt));
                });
    }

    String release(
            String scope,
            String me,
            Optional<Long> session,
            long epoch,
            Optional<Value> lastStatus,
            Deadline deadline) {
        return calls.run(
                "giving up the lease",
                deadline,
                Calls.Repeat.NEVER,
                connection ->
                        ask(
                                connection,
                                RELEASE,
                                statement -> {
                                    statement.setString(1, scope);
                                    statement.setString(2, me);
                                    statement.setObject(
                                            3, session.orElse(null), java.sql.Types.BIGINT);
                                    statement.setLong(4, epoch);
                                    statement.setBytes(5, bytes(lastStatus));
                                    statement.setObject(6, clock.theirs(deadline));
                                },
                                2,
                                row -> row.getString(1)));
    }

    long touch(
            String scope,
            String me,
            Optional<Long> session,
            Duration ttl,
            Value text,
            Deadline deadline) {
        return calls.run(
                "writing the member record",
                deadline,
                Calls.Repeat.HARMLESS,
                connection ->
                        ask(
                                connection,
                                TOUCH,
                                statement -> {
                                    statement.setString(1, scope);
                                    statement.setString(2, me);
                                    statement.setObject(
                                            3, session.orElse(null), java.sql.Types.BIGINT);
                                    statement.setLong(4, ttl.toMillis());
                                    statement.setBytes(5, bytes(Optional.of(text)));
                                    statement.setObject(6, clock.theirs(deadline));
                                },
                                3,
                                row -> row.getLong(2)));
    }

    Change change(
            String scope, String key, Optional<Value> value, Guard guard, Deadline deadline) {
        return calls.run(
                "writing " + key,
                deadline,
                Calls.Repeat.NEVER,
                connection ->
                        ask(
                                connection,
                                CHANGE,
                                statement -> {
                                    statement.setString(1, scope);
                                    statement.setString(2, key);
                                    statement.setBytes(3, bytes(value));
                                    statement.setBoolean(4, guard instanceof Guard.Absent);
                                    statement.setObject(5, wanted(guard), java.sql.Types.BIGINT);
                                    statement.setObject(6, clock.theirs(deadline));
                                },
                                3,
                                row -> new Change(row.getString(1), row.getLong(2))));
    }

    /** A token of another backend is the version of nothing. */
    private static Long wanted(Guard guard) {
        if (!(guard instanceof Guard.Unchanged unchanged)) {
            return null;
        }
        String token = unchanged.version().token();
        return token.matches("[0-9]{1,18}") ? Long.parseLong(token) : -1L;
    }

    void purge(String scope, Deadline deadline) {
        calls.run(
                "removing the scope",
                deadline,
                Calls.Repeat.NEVER,
                connection ->
                        ask(
                                connection,
                                PURGE,
                                statement -> {
                                    statement.setString(1, scope);
                                    statement.setObject(2, clock.theirs(deadline));
                                },
                                2,
                                row -> row.getString(1)));
    }

    /**
     * Sends one statement. The function that says {@code late} has done nothing, whatever became of
     * the deadline meanwhile.
     *
     * @param at the column of the database's time
     */
    private <T> T ask(Connection connection, String sql, Filling filling, int at, Reading<T> reading)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            filling.into(statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                clock.saw(Clock.at(row, at));
                if (row.getString(1).equals("late")) {
                    throw new TooLate();
                }
                return reading.of(row);
            }
        }
    }

    private static byte[] bytes(Optional<Value> value) {
        return value.map(v -> v.text().getBytes(StandardCharsets.UTF_8)).orElse(null);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
