package io.matriarch.postgres;

import java.util.Map;

/** Content of the password file for one connection, in libpq's format. */
final class PasswordFile {
    private PasswordFile() {}

    /** Lines for the hosts of the connection, any database. */
    static String lines(Map<String, String> connection) {
        StringBuilder text = new StringBuilder();
        boolean socket = false;
        for (String host : connection.getOrDefault("host", "").split(",")) {
            text.append(line(host, connection));
            socket |= host.startsWith("/");
        }
        return socket ? text + line("localhost", connection) : text.toString();
    }

    private static String line(String host, Map<String, String> connection) {
        return String.join(
                        ":",
                        field(host),
                        field(connection.getOrDefault("port", "")),
                        "*",
                        field(connection.getOrDefault("user", "")),
                        escape(connection.getOrDefault("password", "")))
                + "\n";
    }

    private static String field(String value) {
        return value.isEmpty() ? "*" : escape(value);
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace(":", "\\:");
    }
}
