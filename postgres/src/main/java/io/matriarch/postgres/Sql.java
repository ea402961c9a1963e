package io.matriarch.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Opens JDBC connections from libpq keys, and quotes what cannot be a parameter. */
final class Sql {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final String HEARTBEAT = "Patroni heartbeat";
    private static final Set<String> CONNECTION_CLASSES = Set.of("08", "57");
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private Sql() {}

    /** Statements end after 2 s and no answer is awaited for more than 3 s. */
    static Connection monitor(Map<String, String> keys) throws SQLException {
        Properties properties = properties(keys, HEARTBEAT);
        PGProperty.OPTIONS.set(properties, "-c statement_timeout=2000 -c search_path=pg_catalog");
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) CONNECT.toSeconds());
        return connect(keys, properties);
    }

    /** For CHECKPOINT, roles and the like: may take as long as it takes. */
    static Connection unhurried(Map<String, String> keys) throws SQLException {
        Properties properties = properties(keys, "Patroni");
        PGProperty.OPTIONS.set(
                properties,
                "-c statement_timeout=0 -c synchronous_commit=local -c search_path=pg_catalog");
        return connect(keys, properties);
    }

    /** A connection that speaks the replication commands. */
    static Connection replication(Map<String, String> keys) throws SQLException {
        Properties properties = properties(keys, "Patroni");
        PGProperty.REPLICATION.set(properties, "true");
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) CONNECT.toSeconds());
        return connect(keys, properties);
    }

    private static Connection connect(Map<String, String> keys, Properties properties)
            throws SQLException {
        String host = keys.getOrDefault("host", "localhost");
        boolean socket = host.startsWith("/");
        if (socket) {
            String file = host + "/.s.PGSQL." + keys.getOrDefault("port", "5432");
            PGProperty.SOCKET_FACTORY.set(properties, UnixSocketFactory.class.getName());
            PGProperty.SOCKET_FACTORY_ARG.set(properties, file);
            PGProperty.SSL_MODE.set(properties, "disable");
            PGProperty.GSS_ENC_MODE.set(properties, "disable");
            host = "localhost";
        }
        String url =
                "jdbc:postgresql://"
                        + (host.contains(":") ? "[" + host + "]" : host)
                        + ":"
                        + keys.getOrDefault("port", "5432")
                        + "/"
                        + java.net.URLEncoder.encode(
                                keys.getOrDefault("dbname", "postgres"),
                                java.nio.charset.StandardCharsets.UTF_8);
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver refuses the address " + url);
        }
        return connection;
    }

    private static Properties properties(Map<String, String> keys, String application) {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, keys.getOrDefault("user", System.getProperty("user.name")));
        set(properties, PGProperty.PASSWORD, keys.get("password"));
        set(properties, PGProperty.SSL_MODE, keys.getOrDefault("sslmode", "prefer"));
        set(properties, PGProperty.SSL_CERT, keys.get("sslcert"));
        set(properties, PGProperty.SSL_KEY, keys.get("sslkey"));
        set(properties, PGProperty.SSL_PASSWORD, keys.get("sslpassword"));
        set(properties, PGProperty.SSL_ROOT_CERT, keys.get("sslrootcert"));
        set(properties, PGProperty.GSS_ENC_MODE, keys.get("gssencmode"));
        PGProperty.APPLICATION_NAME.set(properties, application);
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.CONNECT_TIMEOUT.set(properties, (int) CONNECT.toSeconds());
        PGProperty.LOGIN_TIMEOUT.set(properties, (int) CONNECT.toSeconds());
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        return properties;
    }

    private static void set(Properties properties, PGProperty property, String value) {
        if (value != null) {
            property.set(properties, value);
        }
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** A string constant that means the same whatever standard_conforming_strings is. */
    static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.contains("\\") ? " E" + quoted.replace("\\", "\\\\") : quoted;
    }

    /** The connection is gone or was refused, as opposed to a statement that failed. */
    static boolean connectionLost(SQLException failure) {
        String state = failure.getSQLState();
        return state != null
                && state.length() == 5
                && CONNECTION_CLASSES.contains(state.substring(0, 2).toUpperCase(Locale.ROOT))
                && !state.equals("57014");
    }

    /** The server is there but starts, stops or recovers. */
    static boolean notYetOpen(SQLException failure) {
        return CANNOT_CONNECT_NOW.equals(failure.getSQLState());
    }
}
