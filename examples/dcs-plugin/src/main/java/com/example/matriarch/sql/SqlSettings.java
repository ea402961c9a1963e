package com.example.matriarch.sql;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * The section {@code sql}.
 *
 * @param url for the driver
 * @param login user, password and TLS, for the driver
 * @param schema of the tables; made at the first connection
 */
record SqlSettings(String url, Properties login, String schema) {
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    static SqlSettings of(Section section) {
        List<String> hosts = section.list("hosts");
        if (hosts.isEmpty()) {
            throw wrong(section, "hosts must name at least one server as HOST:PORT");
        }
        String schema = section.text("schema").orElse("matriarch");
        if (!NAME.matcher(schema).matches()) {
            throw wrong(section, "schema must be lower-case letters, digits and underscores");
        }
        String url =
                "jdbc:postgresql://"
                        + String.join(",", hosts)
                        + "/"
                        + section.text("database").orElse("postgres");
        return new SqlSettings(url, login(section, schema), schema);
    }

    private static Properties login(Section section, String schema) {
        Properties login = new Properties();
        login.setProperty("user", section.text("user").orElse("postgres"));
        section.text("password").ifPresent(word -> login.setProperty("password", word));
        for (String key : List.of("sslmode", "sslrootcert", "sslcert", "sslkey")) {
            section.text(key).ifPresent(value -> login.setProperty(key, value));
        }
        login.setProperty("currentSchema", schema);
        login.setProperty("ApplicationName", "matriarch");
        // Of several servers only the one that takes writes.
        login.setProperty("targetServerType", "primary");
        return login;
    }

    private static DcsException.Misconfigured wrong(Section section, String what) {
        return new DcsException.Misconfigured(section.name() + "." + what + "; correct it");
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return url;
    }
}
