package io.matriarch.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A program that tries without end to write rows into the server of its own host, and prints for
 * each acknowledged row when it was sent and answered: monotonic nanoseconds, which all processes
 * of a machine share.
 */
final class LocalWriter {
    private static final int PACE_MILLIS = 20;

    private LocalWriter() {}

    /** Takes the address; the password comes by the environment. */
    public static void main(String[] arguments) throws InterruptedException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", System.getenv("WRITER_PASSWORD"));
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "5");
        String url = "jdbc:postgresql://" + arguments[0] + "/postgres";
        while (true) {
            try (Connection connection = DriverManager.getConnection(url, properties)) {
                write(connection);
            } catch (SQLException e) {
                // Down or a standby: that is what is being measured.
                TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
            }
        }
    }

    private static void write(Connection connection) throws SQLException, InterruptedException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists lost_network (at bigint)");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into lost_network values (?)")) {
            while (true) {
                long sent = System.nanoTime();
                insert.setLong(1, sent);
                insert.executeUpdate();
                System.out.println("row " + sent + " " + System.nanoTime());
                TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
            }
        }
    }
}
