package io.matriarch.lab;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/**
 * Tries without end to write a row into one member. Each member has such a writer, so a member that
 * takes writes is seen at once, whatever the others do: the gaps are the outages, and rows of two
 * members at one time are a split brain.
 */
public final class MemberWriter implements Runnable {
    public static final String TABLE = "drill";

    private static final Duration PACE = Duration.ofMillis(5);
    private static final Duration RETRY = Duration.ofMillis(10);
    private static final String READ_ONLY = "25006";

    private final LabMember member;
    private final boolean outside;
    private final String password;
    private final Ledger ledger;
    private final Ending ending;

    /**
     * @param outside reaches the member as other hosts do; otherwise from beside it, and so also
     *     while it is cut off
     */
    public MemberWriter(
            LabMember member, boolean outside, String password, Ledger ledger, Ending ending) {
        this.member = member;
        this.outside = outside;
        this.password = password;
        this.ledger = ledger;
        this.ending = ending;
    }

    @Override
    public void run() {
        try {
            while (!ending.pause(RETRY)) {
                try (Connection connection = connect(port(), password)) {
                    write(connection);
                } catch (SQLException e) {
                    // The member is down, starting, or cut off: that is what is being measured.
                    continue;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int port() {
        return outside ? member.publicPostgresPort() : member.postgresPort();
    }

    public static Connection connect(int port, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "5");
        properties.setProperty("ApplicationName", "drill");
        // Standbys refuse every row: their logs would hold nothing else.
        properties.setProperty("options", "-c log_min_messages=fatal");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
    }

    private void write(Connection connection) throws SQLException, InterruptedException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into " + TABLE + " (id, member) values (?, ?)")) {
            while (!ending.pause(PACE)) {
                try {
                    writeOne(insert);
                } catch (SQLException e) {
                    if (!READ_ONLY.equals(e.getSQLState())) {
                        throw e;
                    }
                    // A standby: it may be promoted under this very connection.
                }
            }
        }
    }

    private void writeOne(PreparedStatement insert) throws SQLException {
        long id = ledger.nextId();
        insert.setLong(1, id);
        insert.setString(2, member.name());
        long sent = System.nanoTime();
        insert.executeUpdate();
        ledger.acknowledged(new Ledger.Row(id, member.name(), outside, sent, System.nanoTime()));
    }
}
