package io.matriarch.postgres;

import io.matriarch.engine.config.Credentials;
import io.matriarch.engine.config.PostgresConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Creates the roles of a new cluster. Passwords are kept out of the server's log. */
final class Roles {
    private static final List<String> QUIET =
            List.of(
                    "SET log_statement TO none",
                    "SET log_min_duration_statement TO -1",
                    "SET log_min_error_statement TO log",
                    "SET \"pg_stat_statements.track_utility\" TO off",
                    "SET \"pgaudit.log\" TO none");

    private static final String REWIND_FUNCTIONS =
            "pg_catalog.pg_ls_dir(text, boolean, boolean), pg_catalog.pg_stat_file(text, boolean),"
                    + " pg_catalog.pg_read_binary_file(text),"
                    + " pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)";

    private Roles() {}

    static void superuser(Connection connection, PostgresConfig config) throws SQLException {
        if (config.superuser().username().isPresent()
                && config.superuser().password().isPresent()) {
            role(connection, config.superuser(), "SUPERUSER");
        }
    }

    static void others(Connection connection, PostgresConfig config) throws SQLException {
        role(connection, config.replication(), "REPLICATION");
        Credentials rewind = config.rewind();
        boolean own =
                rewind.username().isPresent()
                        && !rewind.username().equals(config.superuser().username());
        if (own) {
            role(connection, rewind, "");
            execute(
                    connection,
                    "GRANT EXECUTE ON FUNCTION "
                            + REWIND_FUNCTIONS
                            + " TO "
                            + Sql.identifier(rewind.username().get()));
        }
    }

    private static void role(Connection connection, Credentials credentials, String options)
            throws SQLException {
        if (credentials.username().isEmpty()) {
            return;
        }
        String name = credentials.username().get();
        for (String statement : QUIET) {
            execute(connection, statement);
        }
        String password =
                credentials
                        .password()
                        .filter(text -> !text.isEmpty())
                        .map(text -> " PASSWORD " + Sql.literal(text))
                        .orElse("");
        execute(
                connection,
                (exists(connection, name) ? "ALTER" : "CREATE")
                        + " ROLE "
                        + Sql.identifier(name)
                        + " WITH LOGIN "
                        + options
                        + password);
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
