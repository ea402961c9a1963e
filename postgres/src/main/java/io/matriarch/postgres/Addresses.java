package io.matriarch.postgres;

import io.matriarch.engine.config.Credentials;
import io.matriarch.engine.config.PostgresConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who connects where, as libpq keys. */
final class Addresses {
    private static final Set<String> LOCAL = Set.of("*", "localhost", "0.0.0.0", "127.0.0.1");

    private Addresses() {}

    /** The local server; a host that begins with a slash is the directory of its socket. */
    static Map<String, String> local(PostgresConfig config, Credentials credentials) {
        List<String> hosts = config.listen().hosts();
        boolean loopback = hosts.stream().anyMatch(LOCAL::contains);
        Map<String, String> values = new LinkedHashMap<>();
        String tcp = loopback ? "localhost" : hosts.get(0);
        values.put("host", config.useUnixSocket() ? socketDirectory(config).orElse(tcp) : tcp);
        values.put("port", Integer.toString(config.listen().port()));
        values.put("dbname", config.database());
        values.putAll(authentication(credentials));
        return values;
    }

    /** Not set = the server's own default, which is one of two. */
    private static Optional<String> socketDirectory(PostgresConfig config) {
        String configured = config.parameters().get("unix_socket_directories");
        List<String> candidates =
                configured == null
                        ? List.of("/var/run/postgresql", "/tmp")
                        : Arrays.stream(configured.split(",")).map(String::trim).toList();
        return candidates.stream()
                .filter(path -> path.startsWith("/"))
                .filter(
                        path ->
                                configured != null
                                        || Files.exists(
                                                Path.of(
                                                        path,
                                                        ".s.PGSQL." + config.listen().port())))
                .findFirst();
    }

    /** Another member by its published URL. */
    static Map<String, String> remote(
            PostgresConfig config, String connUrl, Credentials credentials) {
        Map<String, String> values = new LinkedHashMap<>();
        values.putAll(ConnInfo.ofUrl(connUrl, config.database()));
        values.putAll(authentication(credentials));
        return values;
    }

    /** The rewind section if there is one, else the superuser. */
    static Credentials rewind(PostgresConfig config) {
        return config.rewind().values().isEmpty() ? config.superuser() : config.rewind();
    }

    /** User, password and TLS files. */
    static Map<String, String> authentication(Credentials credentials) {
        Map<String, String> values = new LinkedHashMap<>(credentials.values());
        String user = values.remove("username");
        if (user != null) {
            values.put("user", user);
        }
        return values;
    }
}
