package com.example.matriarch.sql;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The section {@code sql}.
 *
 * @param url for the driver
 * @param login user, password and TLS, for the driver
 * @param schema of the tables; made at the first connection
 */
record SqlSettings(String url, Properties login, String schema) {
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private static final Pattern HOST = Pattern.compile("\\S+:[0-9]{1,5}");

    private static final List<String> TLS = List.of("sslmode", "sslrootcert", "sslcert", "sslkey");

    static SqlSettings of(Section section) {
        List<String> hosts = section.list("hosts");
        if (hosts.isEmpty() || !hosts.stream().allMatch(host -> HOST.matcher(host).matches())) {
            throw wrong(section, "hosts must name servers, each as HOST:PORT");
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
        for (String key : TLS) {
            section.text(key).ifPresent(value -> login.setProperty(key, value));
        }
        login.setProperty("currentSchema", schema);
        login.setProperty("ApplicationName", "matriarch");
        // Of several servers only the one that takes writes.
        login.setProperty("targetServerType", "primary");
        return login;
    }

    /**
     * The same database by other ways. Not where the certificate must name the server.
     */
    static Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        of(section);
        if (section.text("sslmode").filter("verify-full"::equals).isPresent()) {
            return Optional.empty();
        }
        Map<String, Object> values = new HashMap<>();
        values.put(
                "hosts",
                section.list("hosts").stream()
                        .map(SqlSettings::address)
                        .map(way)
                        .map(to -> to.getHostString() + ":" + to.getPort())
                        .toList());
        Stream.concat(Stream.of("database", "user", "password", "schema"), TLS.stream())
                .forEach(key -> section.text(key).ifPresent(value -> values.put(key, value)));
        return Optional.of(new Section(section.name(), values));
    }

    private static InetSocketAddress address(String host) {
        int colon = host.lastIndexOf(':');
        return new InetSocketAddress(
                host.substring(0, colon), Integer.parseInt(host.substring(colon + 1)));
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
